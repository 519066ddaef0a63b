import type { Changed, HomeDetail } from '@anju/contract/api'
import { Textarea, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { people } from '../api/people-calls.ts'
import { PickOf } from '../frame/pick.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import dialogs from '../incident/dialogs.module.css'
import { isSame } from '../staff/fault.ts'
import { focusIn } from './focus.ts'
import styles from './homes.module.css'
import { InPlaceForm } from './in-place-form.tsx'
import { RISK_LEVELS } from './lists.ts'
import { changesOf, draftOf, RESIDENT_LIMITS as max, type Place, type ResidentDraft } from './resident-draft.ts'
import { useAct } from './use-home.ts'

interface Props {
  readonly home: HomeDetail
  readonly onDone: () => void
}

export function ResidentForm({ home, onDone }: Props) {
  const t = useText()
  const words = useWords()
  const act = useAct(home.id)
  const [before] = useState(() => draftOf(home))
  const [draft, setDraft] = useState(before)
  const [tried, setTried] = useState(false)
  const found = changesOf(before, draft)
  const problemAt = (place: Place): string | undefined => {
    const fault = tried && 'faults' in found ? found.faults.find(({ at }) => at === place) : undefined
    return fault && t(fault.says)
  }
  /** Two things at the centre: the version each is written from, and the one that was written last. */
  const from = useRef({ resident: home.resident?.version ?? null, home: home.version })
  const last = useRef<'resident' | 'home'>('resident')
  async function save(form: HTMLFormElement, over: Changed | null) {
    setTried(true)
    if ('faults' in found) return focusIn(form, `[data-field=resident-${found.faults[0]?.at}]`)
    const saved = await act.run(async () => {
      const { current: read } = from
      if (over !== null && over.version !== null) read[last.current] = over.version
      if (Object.keys(found.resident).length > 0) {
        last.current = 'resident'
        const { version } = await people.changeResident(home.id, { ...found.resident, writtenFrom: read.resident })
        read.resident = version
      }
      if (Object.keys(found.home).length > 0) {
        last.current = 'home'
        await people.changeHome(home.id, { ...found.home, writtenFrom: read.home })
      }
    })
    if (saved) onDone()
  }
  const set = (to: Partial<ResidentDraft>) => setDraft({ ...draft, ...to })
  const line = (field: Line, label: string, maxLength: number, hint?: string) => (
    <TextInput
      type="text"
      label={label}
      description={hint}
      maxLength={maxLength}
      value={draft[field]}
      error={field === 'name' ? problemAt('name') : undefined}
      data-field={`resident-${field}`}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  )
  const lines = (field: 'medical' | 'categories', label: string) => (
    <Textarea
      label={label}
      description={t('homes.one-a-line')}
      rows={3}
      value={draft[field]}
      error={problemAt(field)}
      data-field={`resident-${field}`}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  )
  return (
    <InPlaceForm
      name="resident"
      label={t('homes.edit-resident')}
      save={t('homes.save')}
      problem={act.problem}
      changed={act.changed}
      busy={act.busy}
      dirty={!isSame(before, draft)}
      onSave={(form, over) => void save(form, over)}
      onCancel={onDone}
    >
      <div className={styles['fields']}>
        {line('name', t('homes.name'), max.residentNameChars)}
        {line('callName', t('homes.call-name'), max.callNameChars)}
        <TextInput
          type="date"
          label={t('homes.born-on')}
          description={t('homes.stays')}
          min="1900-01-01"
          value={draft.bornOn}
          data-field="resident-bornOn"
          onChange={(event) => set({ bornOn: event.currentTarget.value })}
        />
        <PickOf
          label={t('homes.risk')}
          field="resident-risk"
          value={draft.risk}
          of={RISK_LEVELS}
          word={(risk) => words('risk', risk)}
          onPick={(risk) => set({ risk })}
        />
        {line('language', t('homes.spoken'), max.languageChars)}
        {line('hearing', t('homes.hearing'), max.hearingChars)}
        {lines('categories', t('homes.categories'))}
        {lines('medical', t('person.medical'))}
        {line('access', t('person.access'), max.accessChars, t('homes.stays'))}
        {line('address', t('homes.door'), max.addressChars)}
        {line('arrival', t('person.arrival'), max.arrivalChars)}
      </div>
      <label className={dialogs['check']}>
        <input
          type="checkbox"
          checked={draft.livesAlone}
          onChange={(event) => set({ livesAlone: event.currentTarget.checked })}
        />
        {t('person.alone')}
      </label>
    </InPlaceForm>
  )
}

type Line = 'name' | 'callName' | 'language' | 'hearing' | 'access' | 'address' | 'arrival'
