import type { Announcer } from './announcer.ts'
import { endpointMapper } from './endpoint-mapper.ts'
import { ftpData } from './ftp.ts'
import { rtspTransport, sessionDescription } from './media.ts'
import { skinnyMedia } from './skinny.ts'
import { tftpTransfer } from './tftp.ts'

export const announcers: readonly Announcer[] = [
  ftpData,
  sessionDescription,
  rtspTransport,
  tftpTransfer,
  endpointMapper,
  skinnyMedia,
]
