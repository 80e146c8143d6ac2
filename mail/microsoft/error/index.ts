export { type ServiceAnswer, toRetryAfterMs, toServiceReply } from './answer';
export { findExchangeMailboxFault, findExchangeSmtpFault } from './exchange';
export { findGraphFault, toGraphError } from './graph';
export { findSignInFault, toPauseMinutes, toSignInError } from './sign-in';
