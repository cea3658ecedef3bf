/** What the main process and the processes that try captures say to each other. */
import type { BatchSettings, Limits } from './batch.ts'

export interface Settings extends BatchSettings {
  readonly folders: readonly string[]
  readonly limits: Limits
  /** A folder for what commands write. */
  readonly scratch: string
}

export type Order =
  | { readonly kind: 'begin'; readonly settings: Settings }
  | { readonly kind: 'batch'; readonly batch: number }
  /** Capture by capture, to find the one at which a batch hung or crashed. */
  | { readonly kind: 'singly'; readonly batch: number; readonly command: number }

export interface Found {
  readonly what: string
  readonly words: readonly string[]
  /** Numbers of the mutants. */
  readonly cases: readonly number[]
}

export type Report =
  | { readonly kind: 'ready' }
  /** A command of the batch begins, over all captures or over one: whoever is silent from here on hangs in it. */
  | { readonly kind: 'command'; readonly command: number; readonly words: readonly string[]; readonly case?: number }
  | {
      readonly kind: 'done'
      readonly batch: number
      readonly captures: number
      readonly runs: number
      readonly found: readonly Found[]
      /** Milliseconds of processor time of the longest command. */
      readonly longest: number
      /** Octets of memory at most, since the process began. */
      readonly memory: number
    }
