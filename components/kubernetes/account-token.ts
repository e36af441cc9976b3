import { Secret } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { SERVICE_ACCOUNT_ANNOTATION, SERVICE_ACCOUNT_TOKEN } from "../../topology/names";

/** Where a token of a ServiceAccount is. */
export interface AccountTokenArgs {
  /** Name of the Secret that Kubernetes writes it into. */
  readonly secret: string;
  /** Namespace of the account. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the account. */
  readonly account: pulumi.Input<string>;
}

/** A token of a ServiceAccount that does not expire and ends with its Secret. The Secret exists once Kubernetes has issued the token. */
export function accountToken(name: string, { secret, namespace, account }: AccountTokenArgs, options: pulumi.CustomResourceOptions): Secret {
  return new Secret(
    name,
    {
      metadata: {
        name: secret,
        namespace,
        annotations: {
          [SERVICE_ACCOUNT_ANNOTATION]: account,
          // By default the provider waits for five seconds, which a busy cluster exceeds.
          "pulumi.com/waitFor": "jsonpath={.data.token}",
        },
      },
      type: SERVICE_ACCOUNT_TOKEN,
    },
    options,
  );
}

/**
 * Text of a field of a token's Secret.
 *
 * @param whose the token, for the message, such as `the reader's token`
 * @throws Error when Kubernetes has not written the field
 */
export function issued(base64: string | undefined, whose: string): string {
  if (base64 === undefined) throw new Error(`Kubernetes has not issued ${whose}`);
  return Buffer.from(base64, "base64").toString();
}
