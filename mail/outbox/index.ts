export { composeMessage } from './compose';
export { createDrafts, type DraftOutcome, type Drafts } from './draft';
export { toCompleteBody } from './body';
export { readCalendar } from './calendar';
export { toForwardSubject, toForwardThread } from './forward';
export { type InvitationEvent, toInvitation } from './invitation';
export { type QuotedMessage, toForwardQuote, toReplyQuote } from './quote';
export { type AnsweredMessage, toReplyRecipients, toReplySubject, toReplyThread } from './reply';
export {
	overrideMessage,
	overrideSentCopy,
	toRedirectedFrom,
	type Override,
	type OverrideRules,
} from './override';
export { type GroupMessage, type GroupRecipients, toReplyAllRecipients } from './reply-all';
export { assertMaySend, createOutbox, type Outbox, type SendOptions } from './send';
export { reasonAgainstSentCopy } from './sent-copy';
export { SentRegister } from './sent-register';
export type { WhenUncertain } from './submit';
export type { OutgoingBody } from './signature';
