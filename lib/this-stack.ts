import * as pulumi from "@pulumi/pulumi";

/** The name of the stack that is running, with its organization and project: `organization/project/stack`. */
export function thisStack(): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
}
