/** How often a property is tried: `PCAPX_RUNS=20` tries twenty times as often, for a search with `PCAPX_SEED=random`. */
const { PCAPX_RUNS = '1' } = process.env

export function runs(usual: number): number {
  return usual * Number(PCAPX_RUNS)
}
