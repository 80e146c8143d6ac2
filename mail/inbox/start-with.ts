/** Which of the mails that are already in the folder are taken when it is watched for the first time. */
export type StartWith =
	| { readonly kind: 'new' }
	| { readonly kind: 'unread' }
	| { readonly kind: 'since'; readonly date: Date }
	| { readonly kind: 'all' };
