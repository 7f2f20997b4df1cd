/**
 * Block Kit's limits, from Slack's Block Kit reference (docs.slack.dev/reference/block-kit) and the @slack/types
 * comments; lengths are in UTF-16 units, which is never more generous than Slack's own count.
 */
export const limits = {
  blocksPerMessage: 50,
  blocksPerModal: 100,
  blockId: 255,
  actionId: 255,
  textObject: 3000,
  sectionField: 2000,
  sectionFields: 10,
  header: 150,
  actionsElements: 25,
  contextElements: 10,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  accessibilityLabel: 75,
  optionText: 75,
  /** The types say 75, older documents 150: the smaller is always accepted. */
  optionValue: 75,
  optionDescription: 75,
  options: 100,
  optionGroups: 100,
  radioOrCheckboxOptions: 10,
  /** Not in the types; from Slack's overflow menu reference. */
  overflowOptions: 5,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  placeholder: 150,
  inputLabel: 2000,
  inputHint: 2000,
  /** Unstated in the types; the reference page says 3,000 (unconfirmed). */
  plainTextInput: 3000,
  imageAltText: 2000,
  imageTitle: 2000,
  markdown: 12_000,
  tableRows: 100,
  tableCells: 20,
  modalTitle: 24,
  modalButton: 24,
  privateMetadata: 3000,
  callbackId: 255,
  externalId: 255,
  viewBytes: 250_000,
} as const
