/** What can be wrong with a capture file as a whole. What is wrong inside a packet is counted, not thrown. */
export type CaptureFault =
  /** It cannot be opened or read. */
  | 'unreadable'
  /** It is something else. */
  | 'not-a-capture'
  /** It ends early: a warning, what came before it is whole. */
  | 'cut-short'
  /** From here on it contradicts its format. */
  | 'damaged'
  /** It cannot be written. */
  | 'unwritable'

export interface CaptureErrorDetails {
  /** The capture, as the user named it. */
  readonly file: string
  /** Number of the record within the file, from 1; for pcapng, of the packet that would have come next. */
  readonly record?: number
  /** Octets from the start of the (uncompressed) capture. */
  readonly offset?: number
  /** What stands there, and what should. */
  readonly found?: string | number
  readonly expected?: string | number
  /** What the user can do about it. */
  readonly hint?: string
  readonly cause?: unknown
}

/** `message` is one line and does not repeat the file: print `file: message`, and `hint` below it. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError'
  readonly fault: CaptureFault
  readonly file: string
  readonly record: number | undefined
  readonly offset: number | undefined
  readonly found: string | number | undefined
  readonly expected: string | number | undefined
  readonly hint: string | undefined

  constructor(fault: CaptureFault, message: string, details: CaptureErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.fault = fault
    this.file = details.file
    this.record = details.record
    this.offset = details.offset
    this.found = details.found
    this.expected = details.expected
    this.hint = details.hint
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  EMFILE: 'too many open files',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  EIO: 'input/output error',
  ELOOP: 'too many symbolic links',
  EFBIG: 'it would be larger than is allowed here',
  EDQUOT: 'the disk quota is used up',
  EBUSY: 'it is in use',
  ENAMETOOLONG: 'its name is too long',
}

/** A failed system call in words, without the path and the call that Node puts into its message. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return REASONS[code ?? ''] ?? code ?? message
}

/** Passes a `CaptureError` on; makes one of a failed system call. */
export function asCaptureError(fault: CaptureFault, what: string, error: unknown, file: string): CaptureError {
  if (error instanceof CaptureError) return error
  return new CaptureError(fault, `${what}: ${reasonOf(error)}`, { file, cause: error })
}
