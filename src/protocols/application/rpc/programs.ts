/**
 * The RPC programs that Wireshark decodes, with the names of their procedures by version: the assignments of IANA ("RPC Program
 * Numbers") and of those who took a number themselves.
 */

/** Names by number. */
type Procedures = Readonly<Record<number, string>>

export interface Program {
  readonly number: number
  /** Wireshark's filter name. */
  readonly name: string
  readonly title: string
  /** Names of the procedures of each version, by procedure number. */
  readonly versions: Readonly<Record<number, Procedures>>
}

/** Names with a space between, numbered from `first` on. */
function procedures(names: string, first = 0): Procedures {
  return Object.fromEntries(names.split(' ').map((name, index) => [first + index, name]))
}

/** Only the procedure that does nothing, which every program has (RFC 5531 §12.1). */
const noProcedures = procedures('NULL')

// Those that several versions share.
const portmapProcedures = procedures('NULL SET UNSET GETPORT DUMP CALLIT')
const statisticsProcedures = procedures('NULL STATS HAVEDISK')
const yellowPagesProcedures = procedures(
  'NULL DOMAIN DOMAIN_NONACK MATCH FIRST NEXT XFR CLEAR ALL MASTER ORDER MAPLIST',
)
const mountProcedures = procedures('NULL MNT DUMP UMNT UMNTALL EXPORT EXPORTALL')
const bindProcedures = procedures('NULL DOMAIN SETDOMAIN')
const quotaProcedures = procedures('NULL GETQUOTA GETACTIVEQUOTA')
const lockProcedures = procedures(
  'NULL TEST LOCK CANCEL UNLOCK GRANTED TEST_MSG LOCK_MSG CANCEL_MSG UNLOCK_MSG GRANTED_MSG TEST_RES LOCK_RES ' +
    'CANCEL_RES UNLOCK_RES GRANTED_RES',
)
const sharingLockProcedures = { ...lockProcedures, ...procedures('SHARE UNSHARE NM_LOCK FREE_ALL', 20) }
const handshakeProcedures = procedures('NULL SETVOLUME GETSPEC PING')
const callbackProcedures = procedures('CB_NULL CB_COMPOUND')

export const programs: readonly Program[] = [
  {
    number: 2112,
    name: 'kadm5',
    title: 'Kerberos Administration',
    versions: {
      2: procedures(
        'NULL CREATE_PRINCIPAL DELETE_PRINCIPAL MODIFY_PRINCIPAL RENAME_PRINCIPAL GET_PRINCIPAL CHPASS_PRINCIPAL ' +
          'CHRAND_PRINCIPAL CREATE_POLICY DELETE_POLICY MODIFY_POLICY GET_POLICY GET_PRIVS INIT GET_PRINCS GET_POLS ' +
          'SETKEY_PRINCIPAL SETV4KEY_PRINCIPAL CREATE_PRINCIPAL3 CHPASS_PRINCIPAL3 CHRAND_PRINCIPAL3 ' +
          'SETKEY_PRINCIPAL3',
      ),
    },
  },
  {
    number: 100000,
    name: 'portmap',
    title: 'Portmap',
    versions: {
      1: portmapProcedures,
      2: portmapProcedures,
      3: procedures('NULL SET UNSET GETADDR DUMP CALLIT GETTIME UADDR2TADDR TADDR2UADDR'),
      4: procedures(
        'NULL SET UNSET GETADDR DUMP BCAST GETTIME UADDR2TADDR TADDR2UADDR GETVERSADDR INDIRECT GETADDRLIST ' +
          'GETSTAT',
      ),
    },
  },
  {
    number: 100001,
    name: 'rstat',
    title: 'RSTAT',
    versions: { 1: statisticsProcedures, 2: statisticsProcedures, 3: statisticsProcedures, 4: statisticsProcedures },
  },
  {
    number: 100003,
    name: 'nfs',
    title: 'Network File System',
    versions: {
      2: procedures(
        'NULL GETATTR SETATTR ROOT LOOKUP READLINK READ WRITECACHE WRITE CREATE REMOVE RENAME LINK SYMLINK MKDIR ' +
          'RMDIR READDIR STATFS',
      ),
      3: procedures(
        'NULL GETATTR SETATTR LOOKUP ACCESS READLINK READ WRITE CREATE MKDIR SYMLINK MKNOD REMOVE RMDIR RENAME ' +
          'LINK READDIR READDIRPLUS FSSTAT FSINFO PATHCONF COMMIT',
      ),
      4: procedures('NULL COMPOUND'),
    },
  },
  {
    number: 100004,
    name: 'ypserv',
    title: 'Yellow Pages Service',
    versions: { 1: yellowPagesProcedures, 2: yellowPagesProcedures },
  },
  {
    number: 100005,
    name: 'mount',
    title: 'Mount Service',
    versions: {
      1: mountProcedures,
      2: { ...mountProcedures, 7: 'PATHCONF' },
      3: procedures('NULL MNT DUMP UMNT UMNTALL EXPORT'),
    },
  },
  {
    number: 100007,
    name: 'ypbind',
    title: 'Yellow Pages Bind',
    versions: { 1: bindProcedures, 2: bindProcedures },
  },
  {
    number: 100008,
    name: 'rwall',
    title: 'Remote Wall protocol',
    versions: { 1: procedures('RWALL', 2) },
  },
  {
    number: 100009,
    name: 'yppasswd',
    title: 'Yellow Pages Passwd',
    versions: { 1: procedures('NULL UPDATE') },
  },
  {
    number: 100011,
    name: 'rquota',
    title: 'Remote Quota',
    versions: { 1: quotaProcedures, 2: quotaProcedures },
  },
  {
    number: 100012,
    name: 'spray',
    title: 'SPRAY',
    versions: { 1: procedures('NULL SPRAY GET CLEAR') },
  },
  {
    number: 100020,
    name: 'klm',
    title: 'Kernel Lock Manager',
    versions: { 1: procedures('TEST LOCK CANCEL UNLOCK', 1) },
  },
  {
    number: 100021,
    name: 'nlm',
    title: 'Network Lock Manager Protocol',
    versions: { 1: lockProcedures, 2: lockProcedures, 3: sharingLockProcedures, 4: sharingLockProcedures },
  },
  {
    number: 100024,
    name: 'stat',
    title: 'Network Status Monitor Protocol',
    versions: { 1: procedures('NULL STAT MON UNMON UNMON_ALL SIMU_CRASH NOTIFY') },
  },
  {
    number: 100026,
    name: 'bootparams',
    title: 'Boot Parameters',
    versions: { 1: procedures('NULL WHOAMI GETFILE') },
  },
  {
    number: 100069,
    name: 'ypxfr',
    title: 'Yellow Pages Transfer',
    versions: { 1: procedures('NULL GETMAP') },
  },
  {
    number: 100227,
    name: 'nfsacl',
    title: 'NFSACL',
    versions: {
      1: noProcedures,
      2: procedures('NULL GETACL SETACL GETATTR ACCESS GETXATTRDIR'),
      3: procedures('NULL GETACL SETACL GETXATTRDIR'),
    },
  },
  {
    number: 100231,
    name: 'nfsauth',
    title: 'NFSAUTH',
    versions: { 1: procedures('NULL ACCESS') },
  },
  {
    number: 100232,
    name: 'sadmind',
    title: 'SADMIND',
    versions: { 1: noProcedures, 2: noProcedures, 3: noProcedures },
  },
  {
    number: 100300,
    name: 'nisplus',
    title: 'NIS+',
    versions: {
      3: {
        ...procedures('NULL LOOKUP ADD MODIFY REMOVE IBLIST IBADD IBMODIFY IBREMOVE IBFIRST IBNEXT'),
        12: 'FINDDIRECTORY',
        ...procedures('STATUS DUMPLOG DUMP CALLBACK CPTIME CHECKPOINT PING SERVSTATE MKDIR RMDIR UPDKEYS', 14),
      },
    },
  },
  {
    number: 100302,
    name: 'nispluscb',
    title: 'NIS+ Callback',
    versions: { 1: procedures('NULL RECEIVE FINISH ERROR') },
  },
  {
    number: 150001,
    name: 'pcnfsd',
    title: 'PC NFS',
    versions: {
      1: procedures('NULL AUTH PR_INIT PR_START'),
      2: procedures(
        'NULL INFO PR_INIT PR_START PR_LIST PR_QUEUE PR_STATUS PR_CANCEL PR_ADMIN PR_REQUEUE PR_HOLD PR_RELEASE ' +
          'MAPID AUTH ALERT',
      ),
    },
  },
  {
    number: 200048,
    name: 'statnotify',
    title: 'Network Status Monitor CallBack Protocol',
    versions: { 1: procedures('NULL MON-CALLBACK') },
  },
  {
    number: 390512,
    name: 'clearcase',
    title: 'Clearcase NFS',
    versions: { 3: noProcedures },
  },
  {
    number: 391004,
    name: 'sgimount',
    title: 'SGI Mount Service',
    versions: { 1: mountProcedures },
  },
  {
    number: 395183,
    name: 'vxi11_core',
    title: 'VXI-11 Core Protocol',
    versions: {
      1: {
        0: 'NULL',
        ...procedures(
          'CREATE_LINK DEVICE_WRITE DEVICE_READ DEVICE_READSTB DEVICE_TRIGGER DEVICE_CLEAR DEVICE_REMOTE ' +
            'DEVICE_LOCAL DEVICE_LOCK DEVICE_UNLOCK DEVICE_ENABLE_SRQ',
          10,
        ),
        ...procedures('DEVICE_DOCMD DESTROY_LINK', 22),
        ...procedures('CREATE_INTR_CHAN DESTROY_INTR_CHAN', 25),
      },
    },
  },
  {
    number: 395184,
    name: 'vxi11_async',
    title: 'VXI-11 Asynchronous Abort',
    versions: { 1: procedures('NULL DEVICE_ABORT') },
  },
  {
    number: 395185,
    name: 'vxi11_intr',
    title: 'VXI-11 Interrupt',
    versions: { 1: { 0: 'NULL', 30: 'DEVICE_INTR_SRQ' } },
  },
  {
    number: 1238433,
    name: 'glusterd.mgmt',
    title: 'Gluster Daemon Management',
    versions: {
      1: procedures(
        'NULL PROBE_QUERY FRIEND_ADD CLUSTER_LOCK CLUSTER_UNLOCK STAGE_OP COMMIT_OP FRIEND_REMOVE FRIEND_UPDATE ' +
          'CLI_PROBE CLI_DEPROBE CLI_LIST_FRIENDS CLI_CREATE_VOLUME CLI_GET_VOLUME CLI_DELETE_VOLUME ' +
          'CLI_START_VOLUME CLI_STOP_VOLUME CLI_RENAME_VOLUME CLI_DEFRAG_VOLUME CLI_DEFRAG_VOLUME CLI_ADD_BRICK ' +
          'CLI_REMOVE_BRICK CLI_REPLACE_BRICK CLI_LOG_FILENAME CLI_LOG_LOCATE CLI_LOG_ROTATE CLI_SYNC_VOLUME ' +
          'CLI_RESET_VOLUME CLI_FSM_LOG CLI_GSYNC_SET CLI_PROFILE_VOLUME BRICK_OP CLI_LOG_LEVEL CLI_STATUS_VOLUME',
      ),
      2: procedures('NULL CLUSTER_LOCK CLUSTER_UNLOCK STAGE_OP COMMIT_OP'),
      3: procedures('NULL LOCK PRE_VALIDATE BRICK_OP COMMIT POST_VALIDATE UNLOCK'),
    },
  },
  {
    number: 1238437,
    name: 'glusterd.friend',
    title: 'Gluster Daemon Friend Operations',
    versions: { 2: procedures('NULL PROBE_QUERY ADD REMOVE UPDATE') },
  },
  {
    number: 1238463,
    name: 'gluster.cli',
    title: 'Gluster CLI',
    versions: {
      1: procedures(
        'NULL PROBE DEPROBE LIST_FRIENDS CREATE_VOLUME GET_VOLUME GET_NEXT_VOLUME DELETE_VOLUME START_VOLUME ' +
          'STOP_VOLUME RENAME_VOLUME DEFRAG_VOLUME SET_VOLUME ADD_BRICK REMOVE_BRICK REPLACE_BRICK LOG_FILENAME ' +
          'LOG_LOCATE LOG_ROTATE GETSPEC PMAP_PORTBYBRICK SYNC_VOLUME RESET_VOLUME FSM_LOG GSYNC_SET PROFILE_VOLUME ' +
          'QUOTA TOP_VOLUME GETWD LOG_LEVEL STATUS_VOLUME MOUNT UMOUNT HEAL_VOLUME STATEDUMP_VOLUME',
      ),
      2: procedures(
        'NULL PROBE DEPROBE LIST_FRIENDS CREATE_VOLUME GET_VOLUME GET_NEXT_VOLUME DELETE_VOLUME START_VOLUME ' +
          'STOP_VOLUME RENAME_VOLUME DEFRAG_VOLUME SET_VOLUME ADD_BRICK REMOVE_BRICK REPLACE_BRICK LOG_ROTATE ' +
          'GETSPEC PMAP_PORTBYBRICK SYNC_VOLUME RESET_VOLUME FSM_LOG GSYNC_SET PROFILE_VOLUME QUOTA TOP_VOLUME ' +
          'GETWD STATUS_VOLUME STATUS_ALL MOUNT UMOUNT HEAL_VOLUME STATEDUMP_VOLUME LIST_VOLUME CLRLOCKS_VOLUME',
      ),
    },
  },
  {
    number: 4867634,
    name: 'glusterd.brick',
    title: 'Gluster Daemon Brick Operations',
    versions: {
      2: procedures('NULL TERMINATE XLATOR_INFO XLATOR_OP STATUS OP XLATOR_DEFRAG NODE_PROFILE NODE_STATUS'),
    },
  },
  {
    number: 14398633,
    name: 'glusterfs.hndsk',
    title: 'GlusterFS Handshake',
    versions: {
      1: handshakeProcedures,
      2: { ...handshakeProcedures, 4: 'LOCK VERSION', ...procedures('EVENTNOTIFY GETVOLUMEINFO', 5) },
    },
  },
  {
    number: 34123456,
    name: 'gluster.pmap',
    title: 'Gluster Portmap',
    versions: { 1: procedures('NULL PORTBYBRICK BRICKBYPORT SIGNUP SIGNIN SIGNOUT') },
  },
  {
    number: 52743234,
    name: 'glusterfs.cbk',
    title: 'GlusterFS Callback',
    versions: { 1: procedures('NULL FETCHSPEC INO_FLUSH EVENTNOTIFY GETSNAPS CACHE_INVALIDATION') },
  },
  {
    number: 123451501,
    name: 'gluster.dump',
    title: 'Gluster Dump',
    versions: { 1: procedures('NULL DUMP') },
  },
  {
    number: 788585389,
    name: 'hclnfsd',
    title: 'Hummingbird NFS Daemon',
    versions: {
      1: {
        ...procedures(
          'NULL SPOOL_INQUIRE SPOOL_FILE AUTHORIZE GRP_NAME_TO_NUMB GRP_TO_NUMBER RETURN_HOST UID_TO_NAME ' +
            'NAME_TO_UID',
        ),
        ...procedures('SHARE UNSHARE LOCK REMOVE UNLOCK', 20),
        ...procedures('GET_PRINTERS GET_PRINTQ CANCEL_PRJOB', 30),
      },
    },
  },
  {
    number: 1073741824,
    name: 'nfs.cb',
    title: 'Network File System CB',
    versions: { 1: callbackProcedures, 4: callbackProcedures },
  },
]
