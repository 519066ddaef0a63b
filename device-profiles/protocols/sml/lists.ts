import { SmlReader } from './reader.ts'

/** One value of a GetList response: where its parts stand in the content, for those who read them. */
export interface SmlEntry {
  /** The six bytes of its OBIS code begin here. */
  readonly codeAt: number
  /** A DLMS unit, and a power of ten. */
  readonly unit: number | undefined
  readonly scaler: number
  readonly is: 'bytes' | 'signed' | 'unsigned' | 'flag'
  readonly at: number
  readonly bytes: number
}
export interface SmlList {
  /** The number of the meter. */
  readonly server: Uint8Array | undefined
  readonly entries: readonly SmlEntry[]
}

const GET_LIST_RESPONSE = 0x0701
const codeBytes = 6

/**
 * The lists of values in a file: of each message the fourth part, where it is a GetList response.
 * @throws DomainError `frame-malformed` when one is cut off, too deep or of no known type.
 */
export function readLists(content: Uint8Array): readonly SmlList[] {
  const reader = new SmlReader(content)
  const lists: SmlList[] = []
  while (reader.left > 0) {
    const parts = reader.open()
    for (let part = 0; part < parts; part++) {
      const list = part === 3 ? readBody(reader) : reader.next()
      if (list) lists.push(list)
    }
    reader.close()
  }
  return lists
}

/** What kind of response it is, and the response. */
function readBody(reader: SmlReader): SmlList | undefined {
  let list: SmlList | undefined
  let isList = false
  const parts = reader.open()
  for (let part = 0; part < parts; part++) {
    if (part === 1 && isList) list = readList(reader)
    else reader.next()
    if (part === 0) isList = reader.number === GET_LIST_RESPONSE
  }
  reader.close()
  return list
}

/** clientId, serverId, listName, actSensorTime, valList … */
function readList(reader: SmlReader): SmlList {
  let server: Uint8Array | undefined
  const entries: SmlEntry[] = []
  const parts = reader.open()
  for (let part = 0; part < parts; part++) {
    if (part === 4) {
      readEntries(reader, entries)
      continue
    }
    reader.next()
    if (part === 1 && reader.is === 'bytes') server = reader.content.subarray(reader.at, reader.at + reader.bytes)
  }
  reader.close()
  return { server, entries }
}

function readEntries(reader: SmlReader, entries: SmlEntry[]): void {
  const count = reader.open()
  for (let i = 0; i < count; i++) {
    const entry = readEntry(reader)
    if (entry) entries.push(entry)
  }
  reader.close()
}

/** objName, status, valTime, unit, scaler, value, signature. */
function readEntry(reader: SmlReader): SmlEntry | undefined {
  let codeAt: number | undefined
  let unit: number | undefined
  let scaler = 0
  let is: SmlReader['is'] = 'nothing'
  let at = 0
  let bytes = 0
  const parts = reader.open()
  for (let part = 0; part < parts; part++) {
    reader.next()
    if (part === 0 && reader.is === 'bytes' && reader.bytes === codeBytes) codeAt = reader.at
    if (part === 3) unit = reader.number
    if (part === 4) scaler = reader.number ?? 0
    if (part === 5) {
      is = reader.is
      at = reader.at
      bytes = reader.bytes
    }
  }
  reader.close()
  if (codeAt === undefined || is === 'nothing' || is === 'list') return undefined
  return { codeAt, unit, scaler, is, at, bytes }
}
