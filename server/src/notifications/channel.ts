import type { Channel, Purpose } from '@anju/contract/api'

/** One message to one person on one channel, ready to be handed to a provider. */
export interface Outgoing {
  /** A ULID; the idempotency key where a provider takes one, and our reference where it takes any. */
  readonly id: string
  readonly purpose: Purpose
  readonly urgent: boolean
  /** A telephone number, an e-mail address, an open id, a push subscription as JSON, a robot's address …: the channel knows. */
  readonly address: string
  readonly language: 'zh-CN' | 'en'
  /** Neither a name nor anything of health: this is what a lock screen shows. */
  readonly words: {
    readonly title: string
    readonly body: string
    /** To be read aloud by a telephone. */
    readonly speech: string
  }
  /** For providers that have the words themselves and want their parameters: closed names, short values. A lock screen shows them. */
  readonly facts: Readonly<Record<OutgoingFact, string>>
  /** The event type in words: for a call, which only who answers it hears, and for other programs; never for a screen. */
  readonly event: string
  /** Where "I'm going" and "I cannot" are answered; null where no answer is asked for. */
  readonly answerUrl: string | null
}

/** `kind`: that it is about a home's safety, and no more; `at`: HH:MM in the home's own zone; `code`: the last six of the alarm's id. */
export type OutgoingFact = 'kind' | 'at' | 'code'

/** What the provider answered to one try. */
export type Sent =
  | { readonly outcome: 'sent'; readonly providerId: string | null }
  /** It arrived and was read in one: the channel has no later word of it. */
  | { readonly outcome: 'delivered'; readonly providerId: string | null }
  /** This address will not work now: a dead number, a gone subscription, a rejected template. Never tried again. */
  | { readonly outcome: 'failed'; readonly why: string; readonly addressDead: boolean }
  /** Busy, throttled, a 5xx: certainly not sent, and worth another try. */
  | { readonly outcome: 'retry'; readonly why: string; readonly afterMs: number | null }
  /** A time-out, a cut connection: it may have been sent. */
  | { readonly outcome: 'unknown'; readonly why: string }

/** One provider of one channel. It keeps no state and never throws for what the world does. */
export interface ChannelAdapter {
  readonly channel: Channel
  /** `aliyun-sms`, `twilio-voice`, `web-push` …: stored with the attempt, and the name in its callback's path. */
  readonly provider: string
  /** Whether the provider drops a second send with the same `id` by itself. */
  readonly idempotent: boolean
  /** Where an address is a name that stands in the configuration: all of them. */
  readonly names?: readonly string[]
  /** Whether this provider reaches such an address at all, where several share a channel; absent: every address. */
  takes?(address: string): boolean
  send(message: Outgoing, signal: AbortSignal): Promise<Sent>
}

/** What a provider says later. Several may come twice, late, or in the wrong order. */
export interface Report {
  readonly provider: string
  /** Ours, when the provider hands it back; else by the provider's own id. */
  readonly id: string | null
  readonly providerId: string | null
  readonly says: 'delivered' | 'seen' | 'accepted' | 'declined' | 'failed'
  /** The provider's own code, for `failed`: `no-answer`, `busy`, `UNKNOWN_SUBSCRIBER` … */
  readonly why: string | null
  /** The number will not work next time, either. */
  readonly addressDead: boolean
  /**
   * Somebody who answered by writing back, where the provider names neither id: the address, as a way to reach them has it
   * (a number always in E.164). Of what they were asked that is meant which still waits for them.
   */
  readonly from?: string
  /** The code of the alarm that they mean, where they wrote it. */
  readonly code?: string
}

/** A request at `/api/v1/callbacks/{provider}`, raw, so that signatures can be checked over what was sent. */
export interface CallbackRequest {
  readonly method: 'GET' | 'POST'
  /** As the provider was told to call it: public base, path and query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}
export interface CallbackAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** Turns a provider's callback into reports. */
export interface CallbackReader {
  readonly provider: string
  /**
   * Checks who sent it, then reads it.
   * @throws DomainError `credentials-wrong` when it is not from the provider, `request-malformed` naming what is wrong.
   */
  read(request: CallbackRequest): { readonly reports: readonly Report[]; readonly answer: CallbackAnswer }
}
