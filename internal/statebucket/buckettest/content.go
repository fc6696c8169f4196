package buckettest

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// content reads the body of a request. The SDK may send it in chunks of its own with a checksum behind them (Amazon S3 User Guide,
// "Signature calculations for the Authorization header: transferring payload in multiple chunks").
func content(r *http.Request) ([]byte, error) {
	if !strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		return io.ReadAll(r.Body)
	}
	var body []byte
	reader := bufio.NewReader(r.Body)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("a chunk has no size: %w", err)
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		length, err := strconv.ParseInt(size, 16, 32)
		if err != nil {
			return nil, fmt.Errorf("a chunk has no size: %w", err)
		}
		if length == 0 {
			_, err := io.Copy(io.Discard, reader) // checksums
			return body, err
		}
		chunk := make([]byte, length+2) // with its end of line
		if _, err := io.ReadFull(reader, chunk); err != nil {
			return nil, fmt.Errorf("a chunk is cut short: %w", err)
		}
		body = append(body, chunk[:length]...)
	}
}
