/** `npm run pcapx -- hierarchy capture.pcap`: the program from its sources, without a build. */
import { main } from '../src/cli/main.ts'

await main(process.argv.slice(2))
