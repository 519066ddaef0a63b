import { Readable } from 'node:stream'
import { rootCertificates } from 'node:tls'
import { body } from '@anju/contract/schema'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import Type, { type Static } from 'typebox'
import { isLoopback } from '../../../domain/loopback.ts'
import type { ChannelAdapter, Sent } from '../../channel.ts'
import { type Parts, Pem, refuse, Text } from '../../provider.ts'
import { addressIn, compose, isMailAddress, type Mail } from './mail.ts'

/** A mail relay: SMTP (RFC 5321), encrypted from the start or by STARTTLS. */
export const email = body({
  host: Text,
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  /** `none` only on loopback. */
  encryption: Type.Optional(Type.Union([Type.Literal('tls'), Type.Literal('starttls'), Type.Literal('none')])),
  user: Type.Optional(Text),
  password: Type.Optional(Text),
  /** `安居 <alarm@example.org>`. */
  from: Text,
  ca: Type.Optional(Pem),
})
type Email = Static<typeof email>

const usualPort = { tls: 465, starttls: 587, none: 25 }

export function openSmtp(config: Email, { clock }: Pick<Parts, 'clock'>): ChannelAdapter {
  if (!isMailAddress(addressIn(config.from))) throw refuse('email.from', 'has no e-mail address in it')
  if (config.encryption === 'none' && !isLoopback(config.host))
    throw refuse('email.encryption', 'none is for loopback only; use tls or starttls')
  if ((config.user === undefined) !== (config.password === undefined))
    throw refuse(config.user === undefined ? 'email.user' : 'email.password', 'is missing; both or neither')
  return {
    channel: 'email',
    provider: 'smtp',
    idempotent: false,
    async send(message, signal) {
      if (!isMailAddress(message.address)) return { outcome: 'failed', why: 'not an e-mail address', addressDead: true }
      return deliver(await compose(message, config.from, clock.now()), config, signal)
    },
  }
}

/** One session for one message. */
function deliver({ envelope, content }: Mail, config: Email, signal: AbortSignal): Promise<Sent> {
  const { encryption = 'tls', user, password, ca } = config
  // The relay asks for the content last of all (354): until it is read, nothing can have been delivered.
  let begun = false
  const message = new Readable({
    read() {
      begun = true
      this.push(content)
      this.push(null)
    },
  })
  const connection = new SMTPConnection({
    host: config.host,
    port: config.port ?? usualPort[encryption],
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca: [...rootCertificates, ca] }) },
    socketCloseTimeout: 1_000,
  })
  return new Promise((resolve) => {
    const done = (sent: Sent) => {
      signal.removeEventListener('abort', timedOut)
      // What has not been sent by now never will be; a QUIT that waits in the socket still leaves.
      connection.close()
      message.destroy()
      resolve(sent)
    }
    const failed = (error: SMTPConnection.SMTPError) => done(meaningOf(error, begun))
    const timedOut = () =>
      done(begun ? { outcome: 'unknown', why: 'timed out' } : { outcome: 'retry', why: 'timed out', afterMs: null })
    if (signal.aborted) return timedOut()
    signal.addEventListener('abort', timedOut, { once: true })
    connection.on('error', failed)
    const send = () =>
      connection.send(envelope, message, (error, info) => {
        if (error) return failed(error)
        connection.quit()
        done({ outcome: 'sent', providerId: info.serverMessageId?.slice(0, 200) ?? null })
      })
    connection.connect((error) => {
      if (error) return failed(error)
      if (user === undefined || password === undefined) return send()
      connection.login({ user, pass: password }, (refused) => (refused ? failed(refused) : send()))
    })
  })
}

/** What the relay said decides; where it said nothing, whether the content was on its way. */
function meaningOf({ code, command, response, responseCode }: SMTPConnection.SMTPError, begun: boolean): Sent {
  if (responseCode === undefined) {
    const why = `smtp ${code ?? 'failed'}`
    if (begun) return { outcome: 'unknown', why }
    // Ours to mend: it takes no password, or not one as long as this message.
    if (code === 'EAUTH' || code === 'EMESSAGE') return { outcome: 'failed', why, addressDead: false }
    return { outcome: 'retry', why, afterMs: null }
  }
  const detail = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1]
  const why = `smtp ${responseCode}${detail === undefined ? '' : ` ${detail}`}`
  if (responseCode >= 400 && responseCode < 500) return { outcome: 'retry', why, afterMs: null }
  return { outcome: 'failed', why, addressDead: command === 'RCPT TO' && noMailbox(responseCode, detail) }
}

/** RFC 3463: 5.1.x speaks of the address, 5.2.1 of a mailbox switched off; 5.7.x is a policy against us, not against it. */
const noMailbox = (code: number, detail: string | undefined): boolean =>
  detail === undefined ? code === 550 || code === 551 || code === 553 : /^5\.(1\.|2\.1$)/.test(detail)
