import type { Enrolment, Person } from '@anju/contract/api'
import { Button, Modal, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ownAccount } from '../api/account-calls.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { EnrolmentSteps } from '../session/enrolment.tsx'
import styles from './account.module.css'
import { AskedForm } from './asked-form.tsx'
import { PasswordForm } from './password-form.tsx'
import { ProofForm } from './proof-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

interface Props {
  readonly me: Person
  readonly onClose: () => void
  /** For a telephone, and for eyes that are not an operator's. */
  readonly large?: boolean
  /** What must be seen meanwhile: that alarms wait. */
  readonly children?: ReactNode
}

type Doing =
  | { readonly is: 'nothing'; readonly done?: 'password' | 'codes' }
  | { readonly is: 'password' | 'codes' | 'factor' }
  | { readonly is: 'enrolling'; readonly enrolment: Enrolment }
  | { readonly is: 'kept'; readonly codes: readonly string[] }

/** What a person sees and changes of their own account. */
export function AccountDialog({ me, onClose, large = false, children }: Props) {
  const t = useText()
  const words = useWords()
  const queries = useQueryClient()
  const [doing, setDoing] = useState<Doing>({ is: 'nothing' })
  const back = () => setDoing({ is: 'nothing' })
  // They are shown this once: no key and no press beside the dialog takes them away.
  const held = doing.is === 'kept'

  function show(codes: readonly string[]) {
    setDoing({ is: 'kept', codes })
    void queries.invalidateQueries({ queryKey: ['account'] })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnEscape={!held}
      closeOnClickOutside={false}
      withCloseButton={!held}
      title={t('account.mine')}
      closeButtonProps={{ 'aria-label': t('dialog.dismiss') }}
      classNames={{ body: large ? (styles['large'] ?? '') : '' }}
      data-dialog="account"
    >
      {children}
      <p className={styles['who']}>
        {me.name} · {words('role', me.role)} · <span translate="no">{me.username}</span>
      </p>
      {doing.is === 'nothing' && <Facts me={me} done={doing.done} onDo={(is) => setDoing({ is })} />}
      {doing.is === 'password' && (
        <PasswordForm
          username={me.username}
          onDone={() => setDoing({ is: 'nothing', done: 'password' })}
          onBack={back}
        />
      )}
      {doing.is === 'codes' && (
        <ProofForm
          title={t('account.new-codes')}
          why={t('account.new-codes-why')}
          word={t('account.new-codes')}
          send={async (proof) => show((await ownAccount.renewCodes(proof)).recoveryCodes)}
          onBack={back}
        />
      )}
      {doing.is === 'factor' && (
        <ProofForm
          title={t('account.new-telephone')}
          why={t('account.new-telephone-why')}
          word={t('account.go-on')}
          send={async (proof) => setDoing({ is: 'enrolling', enrolment: await ownAccount.proposeFactor(proof) })}
          onBack={back}
        />
      )}
      {doing.is === 'enrolling' && (
        <ConfirmForm
          enrolment={doing.enrolment}
          send={async (code) => show((await ownAccount.confirmFactor(code)).recoveryCodes)}
          onBack={back}
        />
      )}
      {doing.is === 'kept' && (
        <RecoveryCodes
          username={me.username}
          codes={doing.codes}
          onKept={() => setDoing({ is: 'nothing', done: 'codes' })}
        />
      )}
    </Modal>
  )
}

interface FactsProps {
  readonly me: Person
  readonly done: 'password' | 'codes' | undefined
  readonly onDo: (what: 'password' | 'codes' | 'factor') => void
}

function Facts({ me, done, onDo }: FactsProps) {
  const t = useText()
  const read = useQuery({ queryKey: ['account', me.session], queryFn: ({ signal }) => ownAccount.read(signal) })
  const left = read.data?.recoveryCodesLeft ?? 0
  return (
    <>
      <output className={styles['done']}>
        {done && t(done === 'password' ? 'account.password-changed' : 'account.codes-made')}
      </output>
      <ul className={styles['facts']}>
        <li>
          <p>{t('login.password')}</p>
          <Button variant="default" data-autofocus data-action="change-password" onClick={() => onDo('password')}>
            {t('account.change-password')}
          </Button>
        </li>
        {read.data?.secondFactor === 'enrolled' && (
          <>
            <li>
              <p>{t('account.factor-set')}</p>
              <Button variant="default" data-action="new-telephone" onClick={() => onDo('factor')}>
                {t('account.new-telephone')}
              </Button>
            </li>
            <li>
              <p data-codes-left={left}>{t('account.codes-left', { count: left })}</p>
              <Button variant="default" data-action="new-codes" onClick={() => onDo('codes')}>
                {t('account.new-codes')}
              </Button>
            </li>
          </>
        )}
        {read.data?.secondFactor === 'exempt' && (
          <li>
            <p className={styles['soft']}>{t('account.exempt')}</p>
          </li>
        )}
      </ul>
      {read.isPending && <p className={styles['soft']}>{t('frame.loading')}</p>}
      {read.isError && (
        <p className={styles['problem']} role="alert">
          {sentenceOf(t, read.error)}
        </p>
      )}
      <p className={styles['soft']}>{t('account.forgotten')}</p>
    </>
  )
}

interface ConfirmProps {
  readonly enrolment: Enrolment
  readonly send: (code: string) => Promise<void>
  readonly onBack: () => void
}

function ConfirmForm({ enrolment, send, onBack }: ConfirmProps) {
  const t = useText()
  const [code, setCode] = useState('')
  return (
    <AskedForm
      of="confirm"
      title={t('account.new-telephone')}
      word={t('account.confirm-new')}
      send={() => send(code).finally(() => setCode(''))}
      onBack={onBack}
    >
      <EnrolmentSteps enrolment={enrolment} />
      <TextInput
        name="code"
        data-field="code"
        label={t('account.code')}
        description={t('account.code-more')}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        withAsterisk={false}
        maxLength={7}
        pattern="[0-9]{3} ?[0-9]{3}"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </AskedForm>
  )
}
