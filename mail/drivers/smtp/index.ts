export { SharedPools } from './shared-pool';
export { toSmtpError } from './smtp-error';
export { createSmtpSender } from './smtp-sender';
export { openSmtpSession, SmtpSession, type SmtpSessionOptions } from './smtp-session';
