import type { MicrosoftFault } from './row';

/** One row per fault: any of its signs will do. */
export interface GraphFault extends MicrosoftFault {
	/** Graph's `error.code` or that of an inner error, in any case. */
	readonly codes?: readonly string[];
	/** Where Graph has one code for several faults: its words. */
	readonly phrase?: RegExp;
	/** HTTP, where neither code nor words of any row fit. */
	readonly statuses?: readonly number[];
}

const REPORT = 'Please report it, with the text above.';

/** What Microsoft Graph refuses. */
export const graphFaults: readonly GraphFault[] = [
	{
		codes: ['Authorization_RequestDenied'],
		phrase: /Access token is missing required scopes/i,
		code: 'auth.permission',
		title: 'A permission is missing',
		remedy:
			'Add the Mail permissions to the app registration, grant consent, and connect again: an older sign-in keeps its old rights.',
	},
	{
		phrase: /\/me request is only valid with delegated authentication flow/i,
		code: 'settings.invalid',
		title: 'An app has no mailbox of its own',
		remedy: 'Fill in the address of the mailbox in the connector.',
	},
	{
		codes: ['InvalidAuthenticationToken'],
		code: 'auth.expired',
		title: 'Microsoft did not accept the access token',
		remedy:
			'Connect again. If that does not help, the scope is not one of Microsoft Graph, or the token is of another cloud.',
	},
	{
		codes: ['ErrorSendAsDenied'],
		code: 'sender.rejected',
		title: 'The account may not send from this address',
		remedy:
			'Grant Send As or Send on Behalf in the Exchange admin center, or remove the From address.',
	},
	{
		codes: ['ErrorAccessDenied', 'AccessDenied'],
		code: 'auth.permission',
		title: 'The account has no right on this mailbox or folder',
		remedy:
			'With a user: grant Full Access on the shared mailbox, and the scopes that end in .Shared. With an app: check that it has Mail.ReadWrite, to send also Mail.Send, with the consent of an administrator or by RBAC for Applications, and that no scope or access policy leaves the mailbox out; a change takes 30 minutes and more.',
	},
	{
		codes: ['ErrorInvalidUser', 'Request_ResourceNotFound'],
		code: 'mailbox.missing',
		title: 'The tenant does not know the mailbox',
		remedy:
			'Check the spelling of the mailbox address. Its user principal name or object ID works too.',
	},
	{
		codes: ['ErrorItemNotFound', 'ErrorFolderNotFound'],
		code: 'message.missing',
		title: 'The e-mail or folder is no longer there',
		remedy: 'It was moved or deleted. Choose the folder again if it is the folder.',
	},
	{
		codes: ['MailboxNotEnabledForRESTAPI', 'MailboxNotSupportedForRESTAPI'],
		phrase: /could not be discovered/i,
		code: 'mailbox.missing',
		title: 'The user has no mailbox in Exchange Online',
		remedy:
			'Give the user a licence. A mailbox on a server of your own is reached by IMAP and SMTP instead.',
	},
	{
		codes: ['ErrorInvalidIdMalformed', 'ErrorInvalidId'],
		code: 'settings.invalid',
		title: 'The ID of the e-mail or folder is not valid',
		remedy: 'Choose the folder again, and hand on the ID as the trigger gave it.',
	},
	{
		codes: ['RequestBodyRead', 'UnableToDeserializePostBody'],
		code: 'engine.unexpected',
		title: 'Microsoft could not read what was sent to it',
		remedy: REPORT,
	},
	{
		codes: ['ErrorInvalidRecipients'],
		code: 'recipient.rejected',
		title: 'A recipient is missing or not valid',
		remedy: 'Check To, Cc and Bcc.',
	},
	{
		codes: ['InvalidInternetMessageHeader', 'InvalidInternetMessageHeaderCollection'],
		code: 'message.invalid',
		title: 'A custom header is not allowed',
		remedy: 'Names of custom headers begin with X-, and there are at most five.',
	},
	{
		codes: ['ErrorMimeContentInvalidBase64String'],
		code: 'engine.unexpected',
		title: 'Microsoft could not read the e-mail that was sent to it',
		remedy: REPORT,
	},
	{
		phrase: /maximum request length supported is 4\s?MB/i,
		statuses: [413],
		code: 'message.tooLarge',
		title: 'The request is larger than the 4 MB that Microsoft takes',
		remedy: 'Send fewer or smaller attachments.',
	},
	{
		codes: ['ErrorMessageSizeExceeded'],
		code: 'message.tooLarge',
		title: 'The e-mail is larger than the organization allows',
		remedy: 'Send smaller files, or ask the administrator to raise the limit.',
	},
	{
		codes: ['ErrorQuotaExceeded'],
		statuses: [507],
		code: 'mailbox.full',
		title: 'The mailbox of the sender is full',
		remedy: 'Free space in the mailbox.',
	},
	{
		codes: ['ErrorExceededMessageLimit'],
		code: 'server.throttled',
		title: 'The mailbox or the organization may send no more today',
		remedy:
			'Wait 24 hours. An administrator finds blocked senders under Restricted entities in Microsoft Defender.',
	},
	{
		codes: ['SyncStateNotFound', 'SyncStateInvalid', 'resyncRequired', 'ErrorInvalidSyncStateData'],
		statuses: [410],
		code: 'mailbox.changed',
		title: 'Microsoft has forgotten how far the folder was read',
		remedy: 'Nothing needs to be done: the folder is looked through again.',
		retryable: true,
	},
	{
		phrase: /Subscription validation request failed/i,
		code: 'settings.invalid',
		title: 'Microsoft could not reach this n8n to notify it',
		remedy: 'n8n needs a public HTTPS address for it. Without one, new e-mails are polled for.',
	},
	{
		codes: ['ApplicationThrottled', 'MailboxConcurrency', 'TooManyRequests', 'ErrorServerBusy'],
		phrase: /MailboxConcurrency/i,
		statuses: [429, 509],
		code: 'server.throttled',
		title: 'Too many requests at a time',
		remedy: 'Have fewer workflows use the mailbox at the same time. It is tried again by itself.',
		retryable: true,
	},
];
