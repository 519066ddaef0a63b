import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { selfSigned } from '../../../server/src/broker/tls.fixture.ts'

/** `refuse`: this code and text, to that command; `cut` and `silent`: when the whole message is here; `mute`: not even a greeting. */
export type MailTrouble =
  | { readonly refuse: 'RCPT' | 'MAIL' | 'DATA'; readonly code: number; readonly text: string }
  | 'cut'
  | 'silent'
  | 'mute'
  | 'cut before the content'

export interface Delivered {
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly mail: ParsedMail
  readonly encrypted: boolean
}
export interface MailRelay {
  readonly port: number
  readonly delivered: readonly Delivered[]
  readonly next: (trouble: MailTrouble) => void
  /** Resolves when a session has come as far as the trouble that was made last. */
  readonly arrived: () => Promise<void>
  readonly close: () => Promise<void>
}

const answer = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code })

/** A relay that takes mail from one user only: SMTP, TLS from the start or by STARTTLS, the message parsed. */
export async function mailRelay(
  account: { readonly user: string; readonly password: string },
  encryption: 'tls' | 'starttls' | 'none',
): Promise<MailRelay> {
  const sockets = new Set<Socket>()
  const delivered: Delivered[] = []
  const troubles: MailTrouble[] = []
  const arrivals: (() => void)[] = []
  let arrived = 0
  const arrive = () => {
    const waiter = arrivals.shift()
    if (waiter) waiter()
    else arrived++
  }
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }
  /** The trouble that comes first, if it is for this command. */
  const refusal = (command: 'RCPT' | 'MAIL' | 'DATA') => {
    const [first] = troubles
    if (typeof first !== 'object' || first.refuse !== command) return null
    troubles.shift()
    return answer(first.code, first.text)
  }
  const takes = (what: 'cut' | 'silent' | 'mute' | 'cut before the content') => {
    if (troubles[0] !== what) return false
    troubles.shift()
    arrive()
    return true
  }

  const server = new SMTPServer({
    secure: encryption === 'tls',
    cert: selfSigned.cert,
    key: selfSigned.key,
    ...(encryption === 'none' && { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }),
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_session, callback) {
      if (!takes('mute')) callback()
    },
    onAuth(auth, _session, callback) {
      const right = auth.username === account.user && auth.password === account.password
      if (right) callback(null, { user: account.user })
      else callback(answer(535, '5.7.8 authentication failed'))
    },
    onMailFrom: (_address, _session, callback) => callback(refusal('MAIL')),
    onRcptTo(_address, _session, callback) {
      if (takes('cut before the content')) hangUp()
      else callback(refusal('RCPT'))
    },
    onData(stream, session, callback) {
      simpleParser(stream, {}, (unreadable: unknown, mail) => {
        if (takes('silent')) return
        if (takes('cut')) return hangUp()
        const refused = unreadable ? answer(554, 'unreadable') : refusal('DATA')
        if (refused) return callback(refused)
        const { mailFrom, rcptTo } = session.envelope
        delivered.push({
          envelope: { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) },
          mail,
          encrypted: session.secure,
        })
        arrive()
        callback(null, '2.0.0 queued as 4F2A1B')
      })
    },
  })
  server.on('error', () => undefined)
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as AddressInfo).port,
    delivered,
    next(trouble) {
      arrived = 0
      troubles.push(trouble)
    },
    arrived() {
      if (arrived === 0) return new Promise((resolve) => arrivals.push(resolve))
      arrived--
      return Promise.resolve()
    },
    async close() {
      hangUp()
      await new Promise<void>((resolve) => server.close(resolve))
    },
  }
}
