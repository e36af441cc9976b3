/** The part of proper-lockfile that is used; the package brings no types. */
declare module "proper-lockfile" {
  /** How a lock is taken. */
  export interface LockOptions {
    /** Milliseconds after which a lock that is no longer renewed counts as left behind. */
    stale?: number;
    /** Milliseconds between renewals. */
    update?: number;
    /** The folder that is the lock. */
    lockfilePath?: string;
    /** Whether the locked file must exist and has its links resolved. */
    realpath?: boolean;
    /** Called when the lock was lost while held. */
    onCompromised?: (error: Error) => void;
  }
  /**
   * Takes a lock.
   *
   * @returns gives it back.
   * @throws Error with code `ELOCKED` when another holds it.
   */
  export function lock(file: string, options?: LockOptions): Promise<() => Promise<void>>;
}
