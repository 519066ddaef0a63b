import type { Channel } from '@anju/contract/api'
import { TextInput } from '@mantine/core'
import { Pick } from '../frame/pick.tsx'
import { useWords } from '../i18n/words.ts'
import { addressCharsMax, TYPED_CHANNELS, type TypedChannel } from './way-draft.ts'

interface Props {
  readonly channel: Channel
  readonly address: string
  readonly labels: { readonly channel: string; readonly address: string }
  /** Where the focus goes: to what is missing or wrong. */
  readonly fields: { readonly channel?: string; readonly address: string }
  readonly hint?: string
  readonly problem: string | undefined
  readonly onChannel: (channel: TypedChannel) => void
  readonly onAddress: (address: string) => void
}

/** A number or an address that is being typed, and by which channel it is meant. */
export function WayFields({ channel, address, labels, fields, hint, problem, onChannel, onAddress }: Props) {
  const words = useWords()
  return (
    <>
      <Pick
        label={labels.channel}
        field={fields.channel}
        value={channel}
        onPick={(value) => {
          const picked = TYPED_CHANNELS.find((each) => each === value)
          if (picked) onChannel(picked)
        }}
      >
        {TYPED_CHANNELS.map((each) => (
          <option key={each} value={each}>
            {words('channel', each)}
          </option>
        ))}
      </Pick>
      <TextInput
        type="text"
        label={labels.address}
        description={hint}
        inputMode={channel === 'voice' || channel === 'sms' ? 'tel' : 'text'}
        maxLength={addressCharsMax}
        value={address}
        error={problem}
        data-field={fields.address}
        onChange={(event) => onAddress(event.currentTarget.value)}
      />
    </>
  )
}
