/** Writes a document that is worth nothing in half: the first signal waits for its end, the second ends the process. */
import { promisify } from 'node:util'
import type { Io } from './io.ts'

/** The event loop has gone round once. */
const turn = promisify(setImmediate)

/** Milliseconds after which the event loop gets its turn: signals wait for it. */
const TURN_AFTER = 20

export async function writeWhole(
  io: Io,
  render: (write: (text: string) => boolean | Promise<boolean>) => Promise<void>,
): Promise<void> {
  let release = (): void => {}
  // Whoever asks again is answered by the system.
  release = io.onSignal(() => release())
  let turned = performance.now()
  try {
    await render((text) => {
      if (!io.stdout.write(text)) return false
      if (performance.now() - turned < TURN_AFTER) return true
      return turn().then(() => {
        turned = performance.now()
        return true
      })
    })
  } finally {
    release()
  }
}
