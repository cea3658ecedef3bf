/** Names of hosts, where somebody asked for them. */

/** What the capture calls an address; null if nothing. */
export type NameOf = (address: string) => string | null

export const noNames: NameOf = () => null

/** The address, and its name if it has one: `192.0.2.1 www.example.com`. */
export function withName(address: string, name: string | null): string {
  return name === null ? address : `${address} ${name}`
}
