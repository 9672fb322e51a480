#pragma once

#include <string>

namespace remora::session {

/// What a client asked: `target` is the path with its query, as sent.
struct http_request {
  std::string method;
  std::string target;
  std::string body;
};

/// What is answered: a status of HTTP (200, 404, ...) and a body of the given type.
struct http_response {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

}  // namespace remora::session
