/**
 * TLS secrets that a capture carries (pcapng's decryption secrets block), in the format of SSLKEYLOGFILE: a line is a label, the
 * client's random and the secret, in hexadecimal.
 */

/** Secrets kept; a capture of a million connections needs no more than its last ones. */
const MAX_SECRETS = 65_536

const LINE = /^([A-Z0-9_]{1,64}) ([0-9a-fA-F]{64}) ([0-9a-fA-F]{32,128})$/

export class Secrets {
  readonly #secrets = new Map<string, string>()

  /** Takes in the text of one block. */
  add(text: string): void {
    for (const line of text.split('\n')) {
      const found = LINE.exec(line.trim())
      if (found === null) continue
      this.#secrets.set(`${found[1]} ${found[2].toLowerCase()}`, found[3])
      if (this.#secrets.size > MAX_SECRETS) this.#secrets.delete(this.#secrets.keys().next().value as string)
    }
  }

  /** The secret of a label for the connection that `clientRandom` (hexadecimal, lower case) began; null if there is none. */
  find(label: string, clientRandom: string): Buffer | null {
    const secret = this.#secrets.get(`${label} ${clientRandom}`)
    return secret === undefined ? null : Buffer.from(secret, 'hex')
  }
}
