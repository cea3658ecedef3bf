/**
 * Every signature, family by family. The first that matches names the stream, so within a family the stricter ones stand
 * first, and those that want several payloads (`payloads`) give way to all others.
 */
import { databases } from './databases/index.ts'
import { directory } from './directory/index.ts'
import { files } from './files/index.ts'
import { games } from './games/index.ts'
import { industrial } from './industrial/index.ts'
import { mail } from './mail/index.ts'
import { management } from './management/index.ts'
import { messaging } from './messaging/index.ts'
import { mining } from './mining/index.ts'
import { names } from './names/index.ts'
import { peerToPeer } from './peer-to-peer/index.ts'
import { privateNetworks } from './private-networks/index.ts'
import { remote } from './remote/index.ts'
import { routing } from './routing/index.ts'
import type { Signature } from './signature.ts'
import { voice } from './voice/index.ts'
import { web } from './web/index.ts'

const all: readonly Signature[] = [
  ...web,
  ...remote,
  ...mail,
  ...peerToPeer,
  ...mining,
  ...files,
  ...databases,
  ...messaging,
  ...directory,
  ...names,
  ...management,
  ...voice,
  ...privateNetworks,
  ...games,
  ...industrial,
  ...routing,
]

export const signatures: readonly Signature[] = [
  ...all.filter(({ payloads = 1 }) => payloads === 1),
  ...all.filter(({ payloads = 1 }) => payloads > 1),
]
