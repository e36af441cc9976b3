import { expect } from "chai";
import { readFileSync } from "node:fs";
import { COMMAND_RULES, RUN_RULES } from "../../../../../airgap/plugins/command/inputs";
import { CONTAINER_FIELDS } from "../../../../../airgap/plugins/docker/container-fields";
import { REMOTE_IMAGE_FIELDS } from "../../../../../airgap/plugins/docker/remote-image";
import {
  CERT_REQUEST,
  LOCALLY_SIGNED_CERT,
  PRIVATE_KEY,
  SELF_SIGNED_CERT,
} from "../../../../../airgap/plugins/tls/resources";

/** The names of the properties that an interface of an installed SDK declares. */
function propertiesOf(file: string, name: string): string[] {
  const source = readFileSync(require.resolve(`@pulumi/${file}`), "utf8");
  const [, body] = source.match(new RegExp(`export interface ${name} \\{\\n([^]*?)\\n\\}`)) ?? [];
  if (body === undefined) throw new Error(`${file} declares no ${name}`);
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, property]) => property as string).sort();
}

describe("the inputs of the installed SDKs", () => {
  const types: [string, string, object][] = [
    ["tls/privateKey.d.ts", "PrivateKeyArgs", PRIVATE_KEY.rules],
    ["tls/certRequest.d.ts", "CertRequestArgs", CERT_REQUEST.rules],
    ["tls/selfSignedCert.d.ts", "SelfSignedCertArgs", SELF_SIGNED_CERT.rules],
    ["tls/locallySignedCert.d.ts", "LocallySignedCertArgs", LOCALLY_SIGNED_CERT.rules],
    ["command/local/command.d.ts", "CommandArgs", COMMAND_RULES],
    ["command/local/run.d.ts", "RunArgs", RUN_RULES],
    ["docker/remoteImage.d.ts", "RemoteImageArgs", REMOTE_IMAGE_FIELDS],
    ["docker/container.d.ts", "ContainerArgs", CONTAINER_FIELDS],
  ];
  for (const [file, name, rules] of types) {
    it(`of ${name} are all supported or refused by name`, () => {
      expect(Object.keys(rules).sort()).to.deep.equal(propertiesOf(file, name));
    });
  }
});
