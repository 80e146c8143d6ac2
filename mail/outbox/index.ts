export { composeMessage } from './compose';
export { toCompleteBody } from './body';
export { type AnsweredMessage, toReplyRecipients, toReplySubject, toReplyThread } from './reply';
export { assertMaySend, createOutbox, type Outbox, type SendOptions } from './send';
export { reasonAgainstSentCopy } from './sent-copy';
export type { OutgoingBody } from './signature';
