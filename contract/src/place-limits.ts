/** How long each text may be; the same for a form and for a list. */
export const PLACE_LIMITS = {
  homeNameChars: 80,
  addressChars: 200,
  arrivalChars: 500,
  externalRefChars: 64,
  residentNameChars: 60,
  callNameChars: 40,
  accessChars: 300,
  languageChars: 60,
  hearingChars: 100,
  medicalLines: 20,
  medicalChars: 200,
  categories: 20,
  categoryChars: 40,
  relationChars: 20,
  contactNameChars: 60,
} as const
