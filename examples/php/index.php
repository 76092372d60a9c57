<?php

/**
 * An app's backend in PHP: it creates link tokens, keeps access tokens, reads holdings, and disconnects.
 *
 *     KRYPTOS_BASE_URL=http://127.0.0.1:4400 KRYPTOS_CLIENT_ID=client_… KRYPTOS_CLIENT_SECRET=secret_… \
 *         php -S 127.0.0.1:4500 index.php
 *
 * It needs PHP 8.1 or later and no extension. It serves the page that `npm run build -w example-vite-react` makes.
 * The client secret stays here: no page ever sees it.
 */

declare(strict_types=1);

// Ask for what the app shows, and for no more: the person reads this list before agreeing.
const SCOPES = 'openid profile users:read portfolios:read transactions:read integrations:read';
const BEING_READ = ['active', 'ONGOING'];
const PAGE = __DIR__ . '/../vite-react/dist';
const TYPES = ['html' => 'text/html; charset=utf-8', 'js' => 'text/javascript', 'css' => 'text/css', 'svg' => 'image/svg+xml'];

/** The Connect server answered with an error, or not at all. */
final class Refused extends RuntimeException
{
    public function __construct(string $message, public readonly int $status, public readonly ?string $errorCode)
    {
        parent::__construct($message);
    }
}

/** Call the Connect server as this app; the status decides whether it is an answer or a `Refused`. */
function call(string $method, string $path, array $headers = [], ?array $body = null): array
{
    $sent = [
        'X-Client-Id: ' . getenv('KRYPTOS_CLIENT_ID'),
        'X-Client-Secret: ' . getenv('KRYPTOS_CLIENT_SECRET'),
        'Content-Type: application/json',
        ...$headers,
    ];
    $options = ['method' => $method, 'header' => $sent, 'timeout' => 30, 'ignore_errors' => true];
    if ($body !== null) {
        $options['content'] = json_encode($body, JSON_THROW_ON_ERROR);
    }
    $text = @file_get_contents(getenv('KRYPTOS_BASE_URL') . $path, false, stream_context_create(['http' => $options]));
    if ($text === false) {
        throw new Refused('The Connect server at ' . getenv('KRYPTOS_BASE_URL') . ' could not be reached. Try again.', 0, null);
    }
    $status = (int) explode(' ', $http_response_header[0])[1];
    $answer = json_decode($text, true) ?? [];
    if ($status >= 400) {
        throw new Refused($answer['error'] ?? "The Connect server answered $status.", $status, $answer['code'] ?? null);
    }
    return $answer;
}

/** Give the page a link token; with the access token of a returning user, who then need not sign in again. */
function create_link_token(): array
{
    if (isset($_SESSION['access_token'])) {
        try {
            $body = ['scopes' => SCOPES, 'access_token' => $_SESSION['access_token']];
            return ['link_token' => call('POST', '/link-token', [], $body)['data']['link_token'], 'isAuthorized' => true];
        } catch (Refused $refused) {
            if ($refused->status !== 401) {
                throw $refused;
            }
            forget(); // revoked or expired: begin anew
        }
    }
    $created = call('POST', '/link-token', [], ['scopes' => SCOPES]);
    return ['link_token' => $created['data']['link_token'], 'isAuthorized' => false];
}

/** Exchange the public token, once, and keep what comes back. The key makes a repeated call harmless. */
function exchange_token(): array
{
    $input = json_decode(file_get_contents('php://input'), true, flags: JSON_THROW_ON_ERROR);
    $key = 'Idempotency-Key: exchange-' . $input['public_token'];
    $given = call('POST', '/token/exchange', [$key], ['public_token' => $input['public_token']])['data'];
    // A real app keeps them in its database, the token encrypted.
    $_SESSION['access_token'] = $given['access_token'];
    $_SESSION['grant_id'] = $given['grant_id'];
    return ['success' => true];
}

/** Everything the page shows. PHP's numbers are good enough to show; compute with a decimal library. */
function holdings(): array
{
    if (!isset($_SESSION['access_token'])) {
        return ['isConnected' => false];
    }
    $bearer = ['Authorization: Bearer ' . $_SESSION['access_token']];
    try {
        $accounts = call('GET', '/api/v1/integrations', $bearer)['data'];
        $held = call('GET', '/api/v1/holdings', $bearer);
    } catch (Refused $refused) {
        if ($refused->status !== 401) {
            throw $refused;
        }
        forget(); // the person took the access back
        return ['isConnected' => false, 'isRevoked' => true];
    }
    return [
        'isConnected' => true,
        'isReading' => array_intersect(BEING_READ, array_column($accounts, 'status')) !== [],
        'accounts' => $accounts,
        'holdings' => $held['holdings'],
        'summary' => $held['summary'],
        'shortfalls' => $held['shortfalls'],
    ];
}

/** Revoke the grant: the next call with its access token fails, everywhere. */
function disconnect(): array
{
    if (isset($_SESSION['grant_id'])) {
        call('POST', '/token/revoke', [], ['grant_id' => $_SESSION['grant_id']]);
        forget();
    }
    return ['success' => true];
}

function forget(): void
{
    unset($_SESSION['access_token'], $_SESSION['grant_id']);
}

/** Serve the page and its assets; nothing outside its folder. */
function serve_page(string $path): void
{
    $file = realpath(PAGE . ($path === '/' ? '/index.html' : $path));
    if ($file === false || !str_starts_with($file, realpath(PAGE) . DIRECTORY_SEPARATOR)) {
        http_response_code(404);
        echo "Not found. Is the page built? `npm run build -w example-vite-react` does it.\n";
        return;
    }
    header('Content-Type: ' . (TYPES[pathinfo($file, PATHINFO_EXTENSION)] ?? 'application/octet-stream'));
    readfile($file);
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$routes = [
    'GET /api/config' => fn () => ['baseUrl' => getenv('KRYPTOS_BASE_URL'), 'clientId' => getenv('KRYPTOS_CLIENT_ID')],
    'POST /api/kryptos/create-link-token' => create_link_token(...),
    'POST /api/kryptos/exchange-token' => exchange_token(...),
    'GET /api/kryptos/holdings' => holdings(...),
    'POST /api/kryptos/disconnect' => disconnect(...),
];
$route = $routes["{$_SERVER['REQUEST_METHOD']} $path"] ?? null;
if ($route === null) {
    serve_page($path);
    return;
}
// Stands in for the app's own sign-in.
session_start(['name' => 'example_php', 'cookie_httponly' => true, 'cookie_samesite' => 'Lax']);
header('Content-Type: application/json');
try {
    echo json_encode($route(), JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
} catch (Refused $refused) {
    http_response_code(502);
    echo json_encode(['error' => $refused->getMessage(), 'code' => $refused->errorCode], JSON_THROW_ON_ERROR);
}
