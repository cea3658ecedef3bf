/** What a thread of `parts.ts` runs: one part, whose outcome it hands over. */
import { parentPort, workerData } from 'node:worker_threads'
import { agreeOnNumbers, protocolNames } from '../protocols/protocol.ts'
import type { PartOutcome, PartSpec } from './part.ts'
import { PartProgress } from './part-progress.ts'
import { buffersOf } from './transferables.ts'

export interface WorkerData {
  readonly spec: PartSpec
  readonly part: number
  readonly memory: SharedArrayBuffer
  /** The protocols by their numbers, which have to be the same. */
  readonly protocols: readonly string[]
}

export async function work(): Promise<void> {
  const { spec, part, memory, protocols } = workerData as WorkerData
  agreeOnNumbers(protocols)
  const { analyzePart } = await import('./part.ts')
  let outcome: PartOutcome | null = await analyzePart(spec, new PartProgress(memory, part))
  if (protocolNames().length !== protocols.length) outcome = null
  parentPort?.postMessage(outcome, buffersOf(outcome))
}
