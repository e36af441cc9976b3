package main

import (
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestReapsEveryChildThatHasExitedAndWaitsForNone(t *testing.T) {
	sleeper := exec.Command("sleep", "60")
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sleeper.Process.Kill() }()
	var exited []int
	for range 3 {
		child := exec.Command("true")
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		exited = append(exited, child.Process.Pid)
	}
	time.Sleep(300 * time.Millisecond)
	began := time.Now()
	reap()
	if waited := time.Since(began); waited > time.Second {
		t.Errorf("waited %s for a child that still runs", waited)
	}
	for _, pid := range exited {
		if _, err := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); err != syscall.ECHILD {
			t.Errorf("child %d was left behind: %v", pid, err)
		}
	}
	if err := syscall.Kill(sleeper.Process.Pid, 0); err != nil {
		t.Errorf("the child that still runs: %v", err)
	}
}
