import { DomainError } from '@anju/contract'

/** Where a serial device hangs: a port of this machine, or a converter that speaks TCP. */
export type LineUrl =
  | {
      readonly kind: 'serial'
      readonly path: string
      readonly baud: number
      readonly parity: 'none' | 'even' | 'odd'
      readonly dataBits: 7 | 8
      readonly stopBits: 1 | 2
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }

const SETTINGS = ['baud', 'parity', 'databits', 'stopbits']

/**
 * `serial:/dev/ttyUSB0?baud=2400&parity=even&databits=8&stopbits=1` or `tcp://host:port`; a serial port is 9600 8N1 unless told otherwise.
 * @throws DomainError `config-malformed`, naming the field and the setting.
 */
export function parseLineUrl(text: string, field: string): LineUrl {
  if (text.startsWith('tcp://')) return parseTcp(text, field)
  if (!text.startsWith('serial:/')) throw refuse(field, 'neither serial:/path nor tcp://host:port')
  const [path = '', query = ''] = text.slice('serial:'.length).split('?', 2)
  const settings = new URLSearchParams(query)
  for (const name of settings.keys())
    if (!SETTINGS.includes(name)) throw refuse(field, `${name} is not one of ${SETTINGS.join(', ')}`)
  const baud = Number(settings.get('baud') ?? 9_600)
  if (!Number.isInteger(baud) || baud < 110 || baud > 4_000_000) throw refuse(field, 'baud is not from 110 to 4000000')
  const parity = settings.get('parity') ?? 'none'
  if (parity !== 'none' && parity !== 'even' && parity !== 'odd') throw refuse(field, 'parity is not none, even or odd')
  const dataBits = Number(settings.get('databits') ?? 8)
  if (dataBits !== 7 && dataBits !== 8) throw refuse(field, 'databits is not 7 or 8')
  const stopBits = Number(settings.get('stopbits') ?? 1)
  if (stopBits !== 1 && stopBits !== 2) throw refuse(field, 'stopbits is not 1 or 2')
  return { kind: 'serial', path, baud, parity, dataBits, stopBits }
}

function parseTcp(text: string, field: string): LineUrl {
  const url = URL.parse(text)
  const port = Number(url?.port)
  if (!url?.hostname || !(port >= 1 && port <= 65_535)) throw refuse(field, 'not tcp://host:port')
  return { kind: 'tcp', host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port }
}

const refuse = (field: string, why: string): DomainError =>
  new DomainError('config-malformed', `${field}: ${why}`, { field })
