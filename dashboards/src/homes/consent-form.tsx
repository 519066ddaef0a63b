import type { Consent, HomeDetail } from '@anju/contract/api'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { people } from '../api/people-calls.ts'
import { PickOf } from '../frame/pick.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { focusIn } from './focus.ts'
import styles from './homes.module.css'
import { InPlaceForm } from './in-place-form.tsx'
import { PURPOSES } from './lists.ts'
import { useAct } from './use-home.ts'
import type { NamedRecipient } from './use-recipients.ts'

interface Props {
  readonly home: HomeDetail
  readonly recipients: readonly NamedRecipient[]
  readonly onDone: () => void
}

const keyOf = ({ kind, id }: NamedRecipient): string => `${kind} ${id}`

/** A consent is for one purpose and one recipient, and says on what paper or in whose presence it was given. */
export function ConsentForm({ home, recipients, onDone }: Props) {
  const t = useText()
  const words = useWords()
  const act = useAct(home.id)
  const keys = recipients.map(keyOf)
  const [purpose, setPurpose] = useState<Consent['purpose']>('alarm')
  const [key, setKey] = useState(keys[0] ?? '')
  const [evidence, setEvidence] = useState('')
  const [missing, setMissing] = useState(false)
  const wordOf = (of: string) => {
    const one = recipients.find((each) => keyOf(each) === of)
    return one ? `${words('recipient', one.kind)} ${one.name}` : of
  }
  async function save(form: HTMLFormElement) {
    const written = evidence.trim()
    const whom = recipients.find((each) => keyOf(each) === key)
    setMissing(written === '')
    if (written === '' || !whom) return focusIn(form, '[data-field=consent-evidence]')
    const recipient = { kind: whom.kind, id: whom.id }
    if (await act.run(() => people.agree(home.id, { purpose, recipient, evidence: written }))) onDone()
  }
  return (
    <InPlaceForm
      name="consent"
      label={t('homes.add-consent')}
      save={t('homes.save')}
      problem={act.problem}
      busy={act.busy}
      dirty={evidence !== ''}
      onSave={(form) => void save(form)}
      onCancel={onDone}
    >
      <div className={styles['fields']}>
        <PickOf
          label={t('homes.purpose')}
          field="consent-purpose"
          value={purpose}
          of={PURPOSES}
          word={(one) => words('purpose', one)}
          onPick={setPurpose}
        />
        <PickOf
          label={t('homes.recipient')}
          field="consent-recipient"
          value={key}
          of={keys}
          word={wordOf}
          onPick={setKey}
        />
        <TextInput
          type="text"
          label={t('homes.evidence')}
          description={t('homes.evidence-means')}
          maxLength={500}
          value={evidence}
          error={missing && evidence.trim() === '' ? t('homes.evidence-missing') : undefined}
          data-field="consent-evidence"
          onChange={(event) => setEvidence(event.currentTarget.value)}
        />
      </div>
    </InPlaceForm>
  )
}
