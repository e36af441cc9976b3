# Prints the IPv4 packets on an interface that go to a TCP port, as hexadecimal, a line each, until standard input ends.
#
#   perl -e SCRIPT INTERFACE PORT
#
# In Perl, since that is in every Debian image, and nothing for this is: a node has no tcpdump.
use strict;
my ($interface, $port) = @ARGV;
# Whatever becomes of whoever reads this.
alarm 600;
$| = 1;
open(my $file, "<", "/sys/class/net/$interface/ifindex") or die "there is no interface $interface: $!";
my $index = 0 + <$file>;
# AF_PACKET, SOCK_RAW, ETH_P_ALL: what comes in and what goes out.
my $every = unpack("S", pack("n", 3));
socket(my $socket, 17, 3, $every) or die "socket: $!";
bind($socket, pack("S S i S C C x8", 17, $every, $index, 0, 0, 0)) or die "bind: $!";
print "ready\n";
while (1) {
  my $readable = "";
  vec($readable, fileno($_), 1) = 1 for (\*STDIN, $socket);
  select($readable, undef, undef, undef) > 0 or next;
  last if vec($readable, fileno(STDIN), 1) && !sysread(STDIN, my $ignored, 4096);
  next unless vec($readable, fileno($socket), 1);
  defined(recv($socket, my $frame, 65_536, 0)) or die "recv: $!";
  # Ethernet's type, IP's protocol, TCP's destination.
  next unless length($frame) >= 54 && unpack("n", substr($frame, 12, 2)) == 0x0800 && ord(substr($frame, 23, 1)) == 6;
  my $header = 4 * (ord(substr($frame, 14, 1)) & 15);
  print unpack("H*", substr($frame, 14)), "\n" if unpack("n", substr($frame, 14 + $header + 2, 2)) == $port;
}
