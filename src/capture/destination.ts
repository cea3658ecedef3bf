/**
 * The file that a capture is written to. It is written aside, in the folder of the file that it is to become, and takes that name
 * when it is whole: whoever finds the name finds a whole capture, the former one or the new one, whatever ended the process.
 *
 * What is no regular file (a pipe, a device, what /proc names) has no name to take, and is written as it stands.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { CaptureError, reasonOf } from '../source/errors.ts'

export interface Destination {
  readonly descriptor: number
  /** It is whole: gives it its name, and lets go of it. */
  commit(): void
  /** It never will be: what was written goes away, and what was there before stays. */
  discard(): void
}

const STANDARD_OUTPUT = 1
/** As many as Linux follows (path_resolution(7)). */
const MAX_LINKS = 40
/** Names that are taken are tried again so often; one try in two billion meets one. */
const TRIES = 4
/** Characters of the file's name in that of the file aside: with four octets each, far from the 255 that a name may have. */
const NAME_SHOWN = 40
/** Of a mode, what says who may read and write. */
const PERMISSIONS = 0o777
const GROUP_SHIFT = 3
const OTHERS = 0o007

/** `-` is standard output. Throws a `CaptureError`, or what the system says. */
export function openDestination(path: string): Destination {
  if (path === '-') return { descriptor: STANDARD_OUTPUT, commit: () => {}, discard: () => {} }
  const target = targetOf(path)
  return target === null ? new DirectFile(path) : new AsideFile(path, target)
}

interface Target {
  /** Without symbolic links. */
  readonly path: string
  /** What lies there now. */
  readonly before: Stats | null
}

/**
 * Where the file is that `path` names, or is to be, behind symbolic links: the link stays, and what it points to is replaced. Null
 * for what is written as it stands, or cannot be.
 */
function targetOf(path: string): Target | null {
  const before = statSync(path, { throwIfNoEntry: false }) ?? null
  if (before !== null && !before.isFile()) return null
  let at = path
  for (let links = 0; links <= MAX_LINKS; links++) {
    const name = basename(at)
    // `folder/`, or nothing at all: opening it says what is wrong.
    if (!at.endsWith(name) || name === '') return null
    const full = join(realpathSync(dirname(at)), name)
    // What another program has open: /dev/stdout, /dev/fd/3. Its name is not what it is known by.
    if (/^\/(proc|dev\/fd)\//.test(full)) return null
    if (lstatSync(full, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return { path: full, before }
    const to = readlinkSync(full)
    at = isAbsolute(to) ? to : join(dirname(full), to)
  }
  return null
}

class DirectFile implements Destination {
  readonly descriptor: number

  constructor(path: string) {
    this.descriptor = openSync(path, 'w')
  }

  commit(): void {
    closeSync(this.descriptor)
  }

  discard(): void {
    closeQuietly(this.descriptor)
  }
}

class AsideFile implements Destination {
  readonly descriptor: number
  readonly #path: string
  readonly #target: string
  readonly #aside: string
  /** Once closed, the number may be another file's. */
  #isOpen = true

  constructor(path: string, { path: target, before }: Target) {
    this.#path = path
    this.#target = target
    // Renaming asks the folder alone: without this a capture that is protected against writing would be replaced.
    if (before !== null) closeSync(openSync(target, constants.O_WRONLY))
    for (let tries = 1; ; tries++) {
      const aside = asideOf(target)
      try {
        // O_EXCL: never through a link that somebody put there, and never into another's file.
        // What replaces a private file is private from the start.
        this.descriptor = openSync(aside, 'wx', before === null ? 0o666 : 0o600)
        this.#aside = aside
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === TRIES) throw this.#refuse(error)
      }
    }
    unfinished.add(this.#aside)
    if (before !== null) keepOwner(this.descriptor, before)
  }

  commit(): void {
    // Some systems find out only now that the disk is full; and a power failure must not leave the name without the octets.
    synchronize(this.descriptor)
    this.#isOpen = false
    closeSync(this.descriptor)
    // Whole as it is, it is worth more than a clean folder.
    unfinished.delete(this.#aside)
    try {
      renameSync(this.#aside, this.#target)
    } catch (error) {
      throw new CaptureError('unwritable', `cannot be replaced: ${reasonOf(error)}`, {
        file: this.#path,
        hint: `the capture is whole, and stays at ${this.#aside}`,
        cause: error,
      })
    }
  }

  discard(): void {
    if (this.#isOpen) closeQuietly(this.descriptor)
    this.#isOpen = false
    if (unfinished.delete(this.#aside)) removeQuietly(this.#aside)
  }

  /** The folder takes no new file. Writing over an old one would leave a half capture under its name. */
  #refuse(error: unknown): CaptureError {
    return new CaptureError('unwritable', `cannot be written: no new file in its folder: ${reasonOf(error)}`, {
      file: this.#path,
      hint: 'a capture is written aside until it is whole; write to another folder, or to standard output: -w - > FILE',
      cause: error,
    })
  }
}

/** `.trace.pcap.pcapx-4711-k3j9x2.part`, beside the file: renaming does not cross file systems. */
function asideOf(target: string): string {
  const shown = [...basename(target)].slice(0, NAME_SHOWN).join('')
  const random = Math.random().toString(36).slice(2, 8)
  return join(dirname(target), `.${shown}.pcapx-${process.pid}-${random}.part`)
}

/** The file takes over who owns the one that it replaces, and who may read it. Whoever could not read it cannot read it then. */
function keepOwner(descriptor: number, { mode, uid, gid }: Stats): void {
  let permissions = mode & PERMISSIONS
  try {
    fchownSync(descriptor, uid, gid)
  } catch {
    // Another group then: it may do what others may.
    const others = permissions & OTHERS
    permissions = (permissions & ~(OTHERS << GROUP_SHIFT)) | (others << GROUP_SHIFT)
  }
  try {
    fchmodSync(descriptor, permissions)
  } catch {
    // A file system without modes has nothing to keep.
  }
}

/** Hands all octets to the disk, where the file system can. */
function synchronize(descriptor: number): void {
  try {
    fsyncSync(descriptor)
  } catch (error) {
    if (!['EINVAL', 'ENOSYS', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Files aside that this process has not finished: they go when it ends, whatever ends it, if it can still do anything. */
const unfinished = new Set<string>()
process.on('exit', () => {
  for (const aside of unfinished) removeQuietly(aside)
})

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It is gone, or the folder is.
  }
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor)
  } catch {
    // It is closed.
  }
}
