import { jsonText } from './json-text.ts'

/** A JSON document with one list that is written while packets are read; what is known only at the end follows it. */
export class JsonStream {
  readonly #write: (text: string) => boolean
  readonly #head: string
  #items = 0
  #begun = false

  constructor(
    schema: string,
    before: Readonly<Record<string, unknown>>,
    list: string,
    write: (text: string) => boolean,
  ) {
    this.#write = write
    this.#head = `{\n${keys({ schema, ...before })},\n  ${jsonText(list)}: [`
  }

  /** An item of the list, as JSON text; false once nobody reads any more. */
  item(text: string): boolean {
    if (!this.#begun) this.#begin()
    return this.#write(`${this.#items++ === 0 ? '' : ','}\n    ${text}`)
  }

  /** Nothing is written before the first item or this, so that an error can come instead of a document. */
  end(after: Readonly<Record<string, unknown>>): void {
    if (!this.#begun) this.#begin()
    this.#write(`${this.#items === 0 ? '' : '\n  '}],\n${keys(after)}\n}\n`)
  }

  #begin(): void {
    this.#begun = true
    this.#write(this.#head)
  }
}

function keys(object: Readonly<Record<string, unknown>>): string {
  return Object.entries(object)
    .map(([key, value]) => `  ${jsonText(key)}: ${jsonText(value)}`)
    .join(',\n')
}
