import type { IHttpRequestMethods, IWebhookDescription } from 'n8n-workflow';

const toWebhook = (httpMethod: IHttpRequestMethods): IWebhookDescription => ({
	name: 'default',
	httpMethod,
	responseMode: 'onReceived',
	responseData: '',
	path: '={{ $nodeId }}',
	// Not registered when a workflow is activated: it goes on with an execution that waits.
	restartWebhook: true,
	isFullPath: true,
});

/** The links of Send and Wait for Response: GET shows the page, POST answers. n8n has no place for any other method. */
export const responseWebhooks = [toWebhook('GET'), toWebhook('POST')];

/** What the editor says of the node while it waits. */
export const waitingTooltip =
	'={{ $parameter["operation"] === "sendAndWait" ? "Execution will continue after somebody has answered the e-mail" : "" }}';
