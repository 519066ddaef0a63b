import type { accountZh } from './messages-account-zh.ts'

/** Who may log in, and how, in English. */
export const accountEn: Record<keyof typeof accountZh, string> = {
  'account.enrol-title': 'Set up your second factor',
  'account.code-title': 'Enter the code',
  'account.as': 'As {username}',
  'account.enrol': 'Scan this with an authenticator app on your telephone. It is shown this once.',
  'account.qr': 'QR code for an authenticator app',
  'account.type-instead': 'Cannot scan? Type this key into the app:',
  'account.open-app': 'Open in an authenticator app on this device',
  'account.code': 'Code',
  'account.code-more': 'The six digits that the app shows; new ones every 30 seconds',
  'account.confirm': 'Confirm and log in',
  'account.back': 'Back',
  'account.code-wrong': 'The code is wrong, or was used already. Wait for the next one.',
  'account.locked': 'This account is locked. Please ask an administrator.',
}
