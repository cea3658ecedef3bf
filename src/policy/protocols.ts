/** Every name that a rule may want a protocol by. */
import { signatures } from '../flow/signatures/index.ts'
import { protocols } from '../protocols/index.ts'
import { builtInDocument } from './built-in.ts'
import type { MatchDocument } from './policy.ts'

/** Wireshark's names of what pcapx decodes or recognises, and ours; also those that the built-in policy has. */
export function knownProtocols(): ReadonlySet<string> {
  const names = new Set([...protocols, ...signatures].map(({ name }) => name.toLowerCase()))
  for (const { deny, allow } of builtInDocument.rules ?? [])
    for (const match of [deny ?? allow ?? []].flat() as MatchDocument[])
      for (const name of namesOf(match)) names.add(name)
  return names
}

function namesOf({ protocol, not }: MatchDocument): readonly string[] {
  return [...[protocol ?? []].flat(), ...(not === undefined ? [] : namesOf(not))]
}
