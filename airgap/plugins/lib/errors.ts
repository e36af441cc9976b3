/** Turns a plugin's errors into those of the engine's protocol. */
import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { InitializationFailed } from "./plugin";
import { marshal } from "./values";

/** An error with a gRPC status for the engine. Any other error has the status `UNKNOWN`, as in official plugins. */
export class StatusError extends Error {
  constructor(
    readonly code: status,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The gRPC error for what a plugin threw. For a failed initialization it has the resource's state as a detail, so that the engine keeps
 * that state.
 */
export function toServiceError(thrown: unknown): ServiceError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = error instanceof StatusError ? error.code : status.UNKNOWN;
  const metadata = new Metadata();
  if (error instanceof InitializationFailed) metadata.add("grpc-status-details-bin", initializationDetails(error));
  return Object.assign(new Error(error.message), { code, details: error.message, metadata });
}

function initializationDetails(error: InitializationFailed): Buffer {
  const detail = new ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(marshal(error.state));
  detail.setReasonsList([error.message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const body = new Status();
  body.setCode(status.UNKNOWN);
  body.setMessage(error.message);
  body.setDetailsList([any]);
  return Buffer.from(body.serializeBinary());
}
