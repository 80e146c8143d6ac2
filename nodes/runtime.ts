/**
 * Everything that works, as opposed to describes: the build puts this file with the engine and its libraries into one
 * bundle, and the node files load it by `await import()` when a node first does something. n8n starts no slower for it.
 */
export { testConnector } from './bridge/credential-test';
export { searchFolders } from './bridge/folder-list';
export { offerCompanies } from './EmailTrigger/company-option';
export { startEmailTrigger } from './EmailTrigger/run';
export { executeMailbox } from './Mailbox/run';
export { answerSendEmail } from './SendEmail/response/answer';
export { executeSendEmail } from './SendEmail/run';
