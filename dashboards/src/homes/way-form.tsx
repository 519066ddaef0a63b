import type { Changed, Contact, HomeDetail, Way } from '@anju/contract/api'
import { useState } from 'react'
import { people } from '../api/people-calls.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { TYPED_CHANNELS, type TypedChannel } from '../ways/way-draft.ts'
import { WayFields } from '../ways/way-fields.tsx'
import { focusIn } from './focus.ts'
import styles from './homes.module.css'
import { InPlaceForm } from './in-place-form.tsx'
import { useAct } from './use-home.ts'

interface Props {
  readonly home: HomeDetail
  readonly contact: Contact
  /** The one that becomes another number and keeps its place; null: a new one, after the others. */
  readonly way: Way | null
  readonly onDone: () => void
}

const HINTS = {
  voice: 'homes.voice-hint',
  sms: 'homes.sms-hint',
  email: 'homes.email-hint',
  wechat: 'homes.wechat-hint',
  wecom: 'homes.named-hint',
  dingtalk: 'homes.named-hint',
  webhook: 'homes.named-hint',
} as const satisfies Record<TypedChannel, string>

export function WayForm({ home, contact, way, onDone }: Props) {
  const t = useText()
  const words = useWords()
  const act = useAct(home.id)
  const given = TYPED_CHANNELS.find((one) => one === way?.channel)
  const [channel, setChannel] = useState<TypedChannel>(given ?? 'voice')
  const [address, setAddress] = useState('')
  const [missing, setMissing] = useState(false)
  const [opened] = useState(contact)
  async function save(form: HTMLFormElement, over: Changed | null) {
    const written = address.trim()
    setMissing(written === '')
    if (written === '') return focusIn(form, '[data-field=way-address]')
    const fresh = { channel, address: written }
    const become = (now: readonly Way[]) =>
      now.some(({ id }) => id === way?.id)
        ? now.map(({ id }) => (id === way?.id ? fresh : { id }))
        : [...now.map(({ id }) => ({ id })), fresh]
    if (await act.run(() => people.changeWays(home.id, opened, become, over))) onDone()
  }
  const what = way && `${words('channel', way.channel)} ${way.address}`
  return (
    <InPlaceForm
      name="way"
      label={what === null ? t('homes.add-way-of', { name: contact.name }) : t('homes.replace-of', { what })}
      save={t('homes.save')}
      problem={act.problem}
      changed={act.changed}
      busy={act.busy}
      dirty={address !== ''}
      onSave={(form, over) => void save(form, over)}
      onCancel={onDone}
    >
      <div className={styles['fields']}>
        <WayFields
          channel={channel}
          address={address}
          labels={{ channel: t('homes.channel'), address: t('homes.address') }}
          fields={{ channel: 'way-channel', address: 'way-address' }}
          hint={t(HINTS[channel])}
          problem={missing && address.trim() === '' ? t('homes.address-missing') : undefined}
          onChannel={setChannel}
          onAddress={setAddress}
        />
      </div>
    </InPlaceForm>
  )
}
