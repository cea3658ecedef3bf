/** The rates of Quick-Start, which IP's option asks for and TCP's confirms (RFC 4782 §3.1). */
import type { ValueNames } from './field.ts'

export const quickStartRates: ValueNames = {
  0: '0 bit/s',
  1: '80 Kbit/s',
  2: '160 Kbit/s',
  3: '320 Kbit/s',
  4: '640 Kbit/s',
  5: '1.28 Mbit/s',
  6: '2.56 Mbit/s',
  7: '5.12 Mbit/s',
  8: '10.24 Mbit/s',
  9: '20.48 Mbit/s',
  10: '40.96 Mbit/s',
  11: '81.92 Mbit/s',
  12: '163.84 Mbit/s',
  13: '327.68 Mbit/s',
  14: '655.36 Mbit/s',
  15: '1.31072 Gbit/s',
}
