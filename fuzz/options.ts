/** What `npm run fuzz` can be told. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

export interface Options {
  readonly seed: number
  /** Captures to try; Infinity if the time says when to stop. */
  readonly captures: number
  readonly seconds: number
  readonly jobs: number
  readonly size: number
  readonly from: number
  readonly folders: readonly string[]
  /** Octets. */
  readonly memory: number
  /** Milliseconds. */
  readonly perCapture: number
  readonly patience: number
  /** The captures as they are. */
  readonly unchanged: boolean
  /** Only this mutant, written to a file and tried with every command of its batch. */
  readonly only: number | null
}

export const USAGE = `npm run fuzz -- [options]
  --seconds N       how long (60)
  --captures N      or how many mutated captures, however long it takes
  --seed N          what chance begins with (a new one each time; it is told)
  --jobs N          processes (${availableParallelism()}, as many as processors)
  --corpus FOLDER   what is mutated; may be repeated (fixtures, and ../shared/captures where it is)
  --size N          captures that a command reads in one run (300)
  --from N          the batch to begin with (0)
  --memory MIB      a process that takes more has failed (1024)
  --limit MS        processor time of one command over one capture (1000)
  --patience S      silence after which a command is taken to hang (60)
  --unchanged       every capture of the corpus as it is, once
  --case N          only mutated capture N of --seed: written to a file, and tried singly
`

const MEBIBYTE = 1024 * 1024

export function readOptions(words: readonly string[], usual: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seconds: { type: 'string' },
      captures: { type: 'string' },
      seed: { type: 'string' },
      jobs: { type: 'string' },
      corpus: { type: 'string', multiple: true },
      size: { type: 'string' },
      from: { type: 'string' },
      memory: { type: 'string' },
      limit: { type: 'string' },
      patience: { type: 'string' },
      case: { type: 'string' },
      unchanged: { type: 'boolean' },
    },
  })
  const number = (name: keyof typeof values, otherwise: number): number => {
    const text = values[name]
    if (typeof text !== 'string') return otherwise
    const value = Number(text)
    if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a whole number`)
    return value
  }
  return {
    seed: number('seed', Date.now() % 1_000_000_000),
    captures: number('captures', Infinity),
    seconds:
      values.captures === undefined && values.unchanged !== true ? number('seconds', 60) : number('seconds', Infinity),
    jobs: Math.max(1, number('jobs', availableParallelism())),
    size: Math.max(1, number('size', 300)),
    from: number('from', 0),
    folders: values.corpus ?? usual,
    memory: number('memory', 1024) * MEBIBYTE,
    perCapture: number('limit', 1000),
    patience: number('patience', 60) * 1000,
    unchanged: values.unchanged === true,
    only: values.case === undefined ? null : number('case', 0),
  }
}
