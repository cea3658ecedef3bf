/** Property tests draw the same cases in every run. `PCAPX_SEED=random npx vitest run` draws others, and says which. */
import fc from 'fast-check'

const { PCAPX_SEED = '20261121' } = process.env

fc.configureGlobal(PCAPX_SEED === 'random' ? {} : { seed: Number(PCAPX_SEED) })
