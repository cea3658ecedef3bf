/** What may be said of a stream: few things of many streams, so each is kept once and streams hold its number. */
import { protocolName, registered } from '../../protocols/protocol.ts'
import type { Evidence } from '../evidence.ts'
import type { Signature } from '../signatures/signature.ts'

/** An application as reports show it. */
export interface Application {
  /** Wireshark's name of the protocol that it shows directly above the transport layer; ours, where it has none. */
  readonly name: string
  readonly title: string
}

export interface Verdict extends Application {
  readonly kind: Evidence['kind']
  readonly what: string
  /** What that carries in turn, the outermost first: `smb2` of `nbss`. */
  readonly carries: readonly Application[]
  /** The application and what it carries: the same array for all streams with this verdict. */
  readonly path: readonly Application[]
}

/** A verdict before it has been given its path. */
export type NewVerdict = Omit<Verdict, 'path'>

/** Verdicts by number, from 1; 0 is none. */
export class Verdicts {
  readonly #all: Verdict[] = []
  readonly #numbers = new Map<string, number>()
  // The commonest, found without making a text.
  readonly #bySignature = new Map<Signature, number>()
  readonly #byPort = new Map<number, number>()

  at(number: number): Verdict {
    return this.#all[number - 1]
  }

  ofSignature(signature: Signature): number {
    let number = this.#bySignature.get(signature)
    if (number === undefined) {
      const { name, title, evidence } = signature
      number = this.intern({ name, title, kind: 'payload', what: evidence, carries: [] })
      this.#bySignature.set(signature, number)
    }
    return number
  }

  /** `port` is one of the protocol's; 0 for what the layers below tell by other means. So there are few. */
  ofPort(protocol: number, port: number): number {
    const key = protocol * 65_536 + port
    let number = this.#byPort.get(key)
    if (number === undefined) {
      number = this.intern({
        ...applicationOf(protocol),
        kind: 'port',
        what: port === 0 ? 'layers below' : `port ${port}`,
        carries: [],
      })
      this.#byPort.set(key, number)
    }
    return number
  }

  intern(verdict: NewVerdict): number {
    const { name, title, kind, what, carries } = verdict
    const key = [name, kind, what, ...carries.map((carried) => carried.name)].join('\n')
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#all.push({ ...verdict, path: [{ name, title }, ...carries] })
      this.#numbers.set(key, number)
    }
    return number
  }

  /** By number there, the numbers here of what may be said there. */
  numbersOf(others: Verdicts): Uint16Array {
    return Uint16Array.of(0, ...others.#all.map((verdict) => this.intern(verdict)))
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save(): readonly Verdict[] {
    return this.#all
  }

  /** Takes over what `save` gave: numbers stay the same. */
  load(state: readonly Verdict[]): void {
    for (const verdict of state) this.intern(verdict)
  }

  /** The same, with `carries` in place of what it carried. */
  carrying(number: number, carries: readonly Application[]): number {
    return this.intern({ ...this.at(number), carries })
  }
}

/** A protocol that has a module, as an application. */
export function applicationOf(protocol: number): Application {
  const name = protocolName(protocol)
  return { name, title: registered[protocol]?.title ?? name }
}
