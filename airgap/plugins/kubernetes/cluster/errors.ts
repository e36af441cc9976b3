import { at, isObject, listAt, stringAt } from "../objects";

/** An answer of the API server that is no success: its HTTP status, machine-readable reason and message. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP status code. */
    readonly status: number,
    /** Reason as in `metav1.Status`, such as `NotFound` or `AlreadyExists`; empty if the answer had none. */
    readonly reason: string,
    message: string,
    /** The whole `metav1.Status`, where the answer was one. */
    readonly details?: unknown,
  ) {
    super(message);
  }
}

/** The API server could not be reached, or there is nothing to reach it with. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** The API server does not know the group, version and kind. */
export class NoMatchError extends Error {
  override readonly name = "NoMatchError";

  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
  }
}

/** Makes the error for an answer's body, which is a `metav1.Status` or, from a proxy on the way, anything. */
export function apiError(status: number, body: unknown, request: string): ApiError {
  const message = stringAt(body, "message");
  if (isObject(body) && body["kind"] === "Status" && message !== undefined) {
    return new ApiError(status, stringAt(body, "reason") ?? "", message, body);
  }
  return new ApiError(status, "", `the API server answered ${request} with HTTP ${status}`);
}

/** True for "the object is not there"; a missing namespace answers like this too. */
export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** True if a namespace is what is missing, not the object itself. */
export const isNamespaceMissing = (error: unknown): boolean =>
  isNotFound(error) && at((error as ApiError).details, "details", "kind") === "namespaces";

/** True for "an object of that name exists". */
export const isAlreadyExists = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 409 && error.reason === "AlreadyExists";

/** True for a conflict: a field that another manager owns, or an object changed since it was read. */
export const isConflict = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 409 && error.reason === "Conflict";

/** True if the credentials do not allow the request. */
export const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.status === 403;

/** True if the object breaks a rule of its kind, such as changing an immutable field. */
export const isInvalid = (error: unknown): boolean => error instanceof ApiError && error.status === 422;

/** The fields a conflict is about, as the API server names them (`.spec.replicas`). */
export function conflictingFields(error: unknown): string[] {
  const causes = error instanceof ApiError ? listAt(error.details, "details", "causes") : [];
  return causes.flatMap((cause) => stringAt(cause, "field") ?? []);
}
