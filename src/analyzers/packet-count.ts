/** Counts nothing of its own: how many packets were read and how many matched is what every run says. */
import type { Analyzer } from './analyzer.ts'

export class PacketCount implements Analyzer<null> {
  readonly needs = []

  /** Hot. */
  observe(): void {}

  merge(): void {}

  save(): null {
    return null
  }

  load(): void {}

  result(): null {
    return null
  }
}
