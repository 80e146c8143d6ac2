/** An address with its name, as Graph has it. */
export interface Recipient {
	readonly emailAddress: { readonly name?: string; readonly address: string };
}

export interface Body {
	readonly contentType: 'text' | 'html';
	readonly content: string;
}

export interface InternetHeader {
	readonly name: string;
	readonly value: string;
}

export interface ExtendedProperty {
	readonly id: string;
	readonly value: string;
}

export interface Flag {
	readonly flagStatus: 'notFlagged' | 'complete' | 'flagged';
}

/** What a message says and how it is marked. Ids, folder and dates are the mailbox's. */
export interface MessageContent {
	subject: string;
	body: Body;
	from: Recipient | undefined;
	sender: Recipient | undefined;
	toRecipients: readonly Recipient[];
	ccRecipients: readonly Recipient[];
	bccRecipients: readonly Recipient[];
	replyTo: readonly Recipient[];
	importance: 'low' | 'normal' | 'high';
	categories: readonly string[];
	flag: Flag;
	inferenceClassification: 'focused' | 'other';
	isRead: boolean;
	isDraft: boolean;
	isReadReceiptRequested: boolean;
	isDeliveryReceiptRequested: boolean;
	internetMessageId: string;
	/** Messages of one conversation share it. */
	conversationId: string;
	/** All headers of a received mail, in order; for a draft those that its maker gave. */
	internetMessageHeaders: readonly InternetHeader[];
	extendedProperties: readonly ExtendedProperty[];
}

export const notFlagged: Flag = { flagStatus: 'notFlagged' };
