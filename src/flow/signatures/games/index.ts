import type { Signature } from '../signature.ts'
import { kcp } from './kcp.ts'
import { minecraft, minecraftStatus } from './minecraft.ts'
import { netcode } from './netcode.ts'
import { quake3 } from './quake3.ts'
import { rakNet } from './raknet.ts'
import { sourceEngine } from './source-engine.ts'
import { steam, steamDiscovery, steamOverUdp } from './steam.ts'
import { teamSpeak } from './teamspeak.ts'
import { worldOfWarcraft } from './world-of-warcraft.ts'

export const games: readonly Signature[] = [
  rakNet,
  netcode,
  teamSpeak,
  worldOfWarcraft,
  steamDiscovery,
  steamOverUdp,
  steam,
  quake3,
  sourceEngine,
  minecraft,
  minecraftStatus,
  kcp,
]
